/** A problem in one line, and the error a person can put right. */
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { renderProblem } from '../../src/domain/problem.ts';

describe('renderProblem', () => {
  it('begins with the place, as editors and terminals jump to it', () => {
    const problem = { severity: 'warning', path: 'posts/a.md', line: 3, message: 'no haiku' } as const;
    expect(renderProblem(problem)).toBe('posts/a.md:3: warning: no haiku');
    expect(renderProblem({ ...problem, line: null })).toBe('posts/a.md: warning: no haiku');
  });
});

describe('OperatorError', () => {
  it('has a hint, a name and its cause', () => {
    const cause = new Error('below');
    const error = new OperatorError('It is closed.', 'Open it.', { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.message, error.hint, error.cause]).toEqual([
      'OperatorError',
      'It is closed.',
      'Open it.',
      cause,
    ]);
  });
});

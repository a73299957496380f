import { describe, expect, it } from 'vitest';
import { isBacklog } from '../../src/domain/backlog.ts';

const at = (text: string) => Temporal.Instant.from(text);

describe('isBacklog', () => {
  it('is all, none, or what is older than a moment', () => {
    const before = at('2026-11-20T00:00:00Z');
    const [old, just] = [at('2026-11-19T23:59:59.999Z'), before];
    expect([isBacklog('skip', just), isBacklog('include', old)]).toEqual([true, false]);
    expect([isBacklog({ before }, old), isBacklog({ before }, just)]).toEqual([true, false]);
  });
});

/** Tests judge the real thing, all of them, each time: nothing is mocked and nothing is passed over. */
import type { Token } from './read-tokens.ts';
import type { JudgedFile, Offence } from './tree.ts';

/** Of vitest's `vi`, only waiting for something that will come true. */
const ALLOWED_OF_VI = new Set(['waitFor', 'waitUntil']);
const TEST_WORDS = new Set(['describe', 'it', 'test', 'suite']);
const PASSED_OVER = new Set(['only', 'skip', 'todo', 'fails', 'skipIf', 'runIf']);

export function checkTests(tests: readonly JudgedFile[]): readonly Offence[] {
  return tests.flatMap(({ path, tokens }) =>
    tokens.flatMap((token, index) => {
      const what = offenceAt(tokens, index);
      return what === null ? [] : [{ rule: 'tests', path, message: `line ${token.line} uses ${what}` }];
    }),
  );
}

function offenceAt(tokens: readonly Token[], index: number): string | null {
  const token = tokens[index];
  const isFree = token?.kind === 'word' && tokens[index - 1]?.text !== '.';
  if (!isFree || tokens[index + 1]?.text !== '.') return null;
  if (token.text === 'vi') {
    const name = tokens[index + 2]?.text ?? '';
    return ALLOWED_OF_VI.has(name) ? null : `vi.${name}`;
  }
  return TEST_WORDS.has(token.text) ? passedOverAt(tokens, index) : null;
}

/** `it.only`, `describe.concurrent.skip` …: any link of the chain counts. */
function passedOverAt(tokens: readonly Token[], index: number): string | null {
  for (let at = index + 1; tokens[at]?.text === '.'; at += 2) {
    const name = tokens[at + 1]?.text ?? '';
    if (PASSED_OVER.has(name)) return `${tokens[index]?.text}.${name}`;
  }
  return null;
}

/** The list of faults and the page that explains them say the same. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { FAULTS } from '../../src/domain/fault.ts';

it('is explained in docs/errors.md, code by code', async () => {
  const page = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const known = Object.entries(FAULTS).map(([code, { meaning, remedy }]) => [
    '',
    `\`${code}\``,
    meaning,
    remedy,
    '',
  ]);
  expect(rows).toEqual(known);
});

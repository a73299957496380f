/** What the journal says of a database. */
import { describe, expect, it } from 'vitest';
import { findNewest, type JournalLine, judgeDatabase, listDigests } from '../../src/domain/journal.ts';

const AT = Temporal.Instant.from('2026-11-16T09:00:00Z');
const line = (instance: string, epoch: number): JournalLine => ({ instance, epoch, at: AT, event: 'beat' });
const own = (...epochs: readonly number[]) => epochs.map((epoch) => line('here', epoch));

function judge(lines: readonly JournalLine[], epoch: number, isOneOfMany = false): string {
  return judgeDatabase({ lines, isOneOfMany }, { instance: 'here', epoch }).kind;
}

describe('a database held against the journal', () => {
  it.each([
    ['never sent, and has no journal', [], 0, 'fits'],
    ['sent, and has no journal', [], 1, 'journal-missing'],
    ['is as the journal knows it', own(1, 2), 2, 'fits'],
    ['is ahead: a program died before it could note that', own(1, 2), 3, 'fits'],
    ['is behind', own(1, 2, 3), 2, 'older'],
    ['is behind a line that another program wrote out of order', own(1, 3, 2), 2, 'older'],
    ['is another one', [line('elsewhere', 9)], 4, 'exchanged'],
    ['was exchanged, recovered, and exchanged back', [...own(5), line('elsewhere', 6)], 5, 'exchanged'],
    ['came after another, and was recovered', [line('elsewhere', 9), ...own(1)], 1, 'fits'],
  ] as const)('that %s', (_, lines, epoch, kind) => {
    expect(judge(lines, epoch)).toBe(kind);
  });

  it('may lack its journal where other machines send, too', () => {
    expect(judge([], 7, true)).toBe('fits');
    expect(judge(own(8), 7, true)).toBe('older');
  });
});

it('finds the highest epoch, not the last', () => {
  expect(findNewest([...own(1, 3, 2), line('elsewhere', 9)], 'here')?.epoch).toBe(3);
  expect(findNewest([], 'here')).toBeNull();
});

it('names each digest once', () => {
  const digest = { number: 1, series: 'weekly', slot: 'a', subject: '', frozenAt: AT, posts: ['x'] };
  const lines = [
    { ...line('here', 1), digest },
    { ...line('here', 2), digest },
    { ...line('here', 3), digest: { ...digest, number: 2, slot: 'b' } },
  ];
  expect(listDigests(lines).map(({ number }) => number)).toEqual([1, 2]);
});

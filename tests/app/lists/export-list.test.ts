/** What is exported comes back whole, as CSV and as JSON, and no cell is a formula. */
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  option,
  property,
  record,
  string,
  tuple,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardCell, unguardCell } from '../../../src/app/lists/export-columns.ts';
import { exportList } from '../../../src/app/lists/export-list.ts';
import { cleanText } from '../../../src/app/lists/read-row.ts';
import { type Address, parseAddress } from '../../../src/domain/address.ts';
import type { Store } from '../../../src/domain/store.ts';
import type { Arrival } from '../../../src/domain/subscriber.ts';
import { importInto, NOW, openEmptyStore } from './importing.ts';

function addressOf(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed.kind !== 'address') throw new Error(parsed.reason);
  return parsed.address;
}

const text = string({
  unit: constantFrom('a', 'é', '=', '+', '-', '@', "'", '"', ',', ';', '|', '{', '[', ' ', '#', '日'),
  maxLength: 8,
}).map((value) => cleanText(value, 100));
const instant = constantFrom('2020-01-02T03:04:05.678Z', '2024-02-29T00:00:00Z').map((value) =>
  Temporal.Instant.from(value),
);
const names = option(
  array(
    text.filter((name) => name !== ''),
    { maxLength: 2 },
  ).map((list) => [...new Set(list)].sort()),
);
const line = record({
  at: instant,
  kind: constantFrom('asked', 'confirmed', 'chose', 'returned'),
  source: text,
  words: text,
  origin: option(text),
});
const locals = constantFrom('ann', '=1+1', '+plus', '-dash', "'quote", "'=both", '#hash', '{brace');
const person = record({
  name: text,
  standing: constantFrom('active', 'pending', 'unsubscribed', 'suppressed'),
  series: names,
  tags: names,
  pausedUntil: option(instant),
  createdAt: instant,
  confirmedAt: option(instant),
  endedAt: instant,
  endReason: text.filter((reason) => reason !== ''),
  story: array(line, { maxLength: 3 }),
});

type Person = typeof person extends { generate: (...args: never) => { value: infer Value } } ? Value : never;

function arrive(local: string, one: Person): Arrival {
  const { standing: state, ...rest } = one;
  const isOver = state === 'unsubscribed' || state === 'suppressed';
  return {
    ...rest,
    address: addressOf(`${local}@example.org`),
    state,
    confirmedAt: state === 'active' ? (one.confirmedAt ?? one.createdAt) : one.confirmedAt,
    endedAt: isOver ? one.endedAt : null,
    endReason: isOver ? one.endReason : null,
    source: 'somewhere',
    words: '',
  };
}

/** All that is known, without the lines that say that they were imported. */
async function lookAt(store: Store): Promise<readonly string[]> {
  const all = await Array.fromAsync(store.subscribers.list());
  const stories = await store.subscribers.stories(all.map(({ id }) => id));
  return all.map(({ id, ...known }) =>
    JSON.stringify({ ...known, story: stories.get(id)?.filter(({ kind }) => kind !== 'imported') }),
  );
}

describe('an export', () => {
  it.each(['csv', 'json'] as const)(
    'comes back from %s as it was',
    async (as) => {
      await assert(
        asyncProperty(array(tuple(locals, person), { maxLength: 4 }), async (people) => {
          const [from, to] = [await openEmptyStore(), await openEmptyStore()];
          await from.subscribers.takeOver(
            people.map(([local, one]) => arrive(local, one)),
            NOW,
          );
          const lines = await Array.fromAsync(exportList({ store: from }, { as }));
          const report = await importInto(to, lines);
          expect(report.named).toEqual([]);
          expect(await lookAt(to)).toEqual(await lookAt(from));
        }),
        { numRuns: 40 },
      );
    },
    60_000,
  );

  it('has those kept out who never subscribed, and not the erased', async () => {
    const [store, other] = [await openEmptyStore(), await openEmptyStore()];
    await store.subscribers.suppress(addressOf('eve@example.org'), 'complaint', NOW);
    await store.subscribers.erase(addressOf('gone@example.org'), 'by hand', NOW);
    const lines = await Array.fromAsync(exportList({ store }, { as: 'csv' }));
    expect(lines.join('')).not.toContain('gone');
    await importInto(other, lines);
    expect(await other.subscribers.suppression(addressOf('eve@example.org'))).toMatchObject({
      reason: 'complaint',
    });
    const none = await Array.fromAsync(exportList({ store }, { as: 'json', state: 'active' }));
    expect(none).toEqual([]);
  });
});

it('lets no cell begin as a formula does, and gives back what it was', () => {
  assert(
    property(string({ unit: constantFrom('=', '+', '-', '@', '\t', '\r', "'", 'a') }), (cell) => {
      expect(guardCell(cell)).not.toMatch(/^[=+\-@\t\r]/);
      expect(unguardCell(guardCell(cell))).toBe(cell);
    }),
  );
});

/** What programs read of the feeds: noted twice it counts once, and it is forgotten by day. */
import { expect, it } from 'vitest';
import type { ReaderCount } from '../../src/domain/reader.ts';
import { type Database, openStoresOf } from './databases.ts';

const count = (day: string, reader: string, requests: number): ReaderCount => ({
  day,
  reader,
  feed: 'rss.xml',
  subscribers: reader === 'Feedly' ? 16 : null,
  requests,
  conditional: 1,
  unchanged: 2,
  deltas: 3,
  refused: 4,
  sent: 5_000_000_000,
  savedUnchanged: 6,
  savedDeltas: 7,
  savedCodings: 8,
});

export function readersContract(database: Database): void {
  const { open } = openStoresOf(database);

  it('keeps the last that each worker said of a day, a reader and a feed', async () => {
    const { readers } = await open();
    await readers.record('a', []);
    await readers.record('a', [count('2026-11-19', 'Feedly', 1), count('2026-11-20', 'Feedly', 1)]);
    await readers.record('a', [count('2026-11-20', 'Feedly', 3)]);
    await readers.record('a', [count('2026-11-20', 'Feedly', 3), count('2026-11-20', 'curl', 1)]);
    await readers.record('b', [count('2026-11-20', 'Feedly', 2)]);
    expect(await readers.since('2026-11-20')).toEqual([
      count('2026-11-20', 'Feedly', 3),
      count('2026-11-20', 'curl', 1),
      count('2026-11-20', 'Feedly', 2),
    ]);
    await readers.forget('2026-11-20');
    expect((await readers.since('2000-01-01')).map(({ day }) => day)).toEqual(Array(3).fill('2026-11-20'));
  });
}

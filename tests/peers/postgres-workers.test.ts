/** Four real `renga deliver` on one PostgreSQL: they share the list, and nobody gets a second copy. */
import { expect, it } from 'vitest';
import { shareList } from '../store/share-list.ts';
import { useCluster } from './postgres-cluster.ts';

const cluster = useCluster();
const PROGRAMS = 4;
const SUBSCRIBERS = 400;

it('share a list of deliveries, each handed over once', async () => {
  const { audience, ended, taken } = await shareList(
    PROGRAMS,
    SUBSCRIBERS,
    cluster.url(await cluster.makeDatabase()),
  );
  for (const { code, error } of ended)
    expect({ code, error: code === 0 ? '' : error }).toEqual({ code: 0, error: '' });
  expect(taken.map(({ to }) => to).toSorted()).toEqual([...audience].toSorted());
  const shares = ended.map(
    ({ out }) => (JSON.parse(out) as { settled: { accepted: number } }).settled.accepted,
  );
  expect(shares.reduce((a, b) => a + b)).toBe(SUBSCRIBERS);
  // All of them were at work.
  expect(Math.min(...shares)).toBeGreaterThan(0);
});

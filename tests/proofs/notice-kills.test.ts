/** kill -9 of the real program while it hands out notices: whoever signed up gets their confirmation, and at most one more copy for each kill, the same to the byte. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { address } from '../store/samples.ts';
import { type Campaign, deliverAndStrike, deliverRest } from './campaign.ts';
import type { Step, Taken } from './ledger-lines.ts';
import { prepareGround } from './proof-ground.ts';

const WAITING = Array.from({ length: 6 }, (_, index) => address(`waiting${index}@example.net`));
/** Notices go out over one connection. */
const STEPS: readonly Step[] = ['rcpt', 'mid-body', 'before-dot', 'after-dot', 'after-reply'];
const ground = prepareGround(2);

async function signUp({ publication }: Campaign): Promise<void> {
  const now = Temporal.Now.instant();
  const store = await openStore({ location: join(publication.root, 'var', 'renga.db'), now });
  try {
    for (const to of WAITING) {
      const signUp = {
        address: to,
        name: '',
        series: null,
        tags: null,
        source: 'test',
        words: '',
        origin: null,
      };
      expect(await store.signUps.ask(signUp, [], now)).toEqual({ kind: 'taken' });
    }
  } finally {
    await store.close();
  }
}

async function readNotices({ server }: Campaign): Promise<readonly Taken[]> {
  const lines = await server.lines();
  return lines.filter((line): line is Taken => line.at === 'taken' && line.to.startsWith('waiting'));
}

describe('killed while it hands out notices', { timeout: 300_000 }, () => {
  it('loses nobody, and sends again only what was cut off, byte for byte', async () => {
    const campaign = await ground.open();
    await signUp(campaign);
    let kills = 0;
    for (const step of STEPS) if (await deliverAndStrike(campaign, { step, nth: 1 })) kills += 1;
    expect(kills).toBe(STEPS.length);
    await deliverRest(campaign);
    const taken = await readNotices(campaign);
    expect([...new Set(taken.map(({ to }) => to))].toSorted()).toEqual(WAITING);
    const different = new Set(taken.map(({ to, messageId, sha256 }) => `${to} ${messageId} ${sha256}`));
    expect(different.size).toBe(WAITING.length);
    // Between the dot and the word of it on our disk, nobody can know: those two kills, and no other, cost a copy.
    expect(taken.length - WAITING.length).toBeLessThanOrEqual(2);
  });
});

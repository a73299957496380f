/** The campaigns of kills with the ledger in a real PostgreSQL. */
import { describe, expect, it } from 'vitest';
import { countStates, deliverAndStrike, deliverRest, judge } from '../../proofs/campaign.ts';
import { STEPS } from '../../proofs/ledger-lines.ts';
import { prepareGround } from '../../proofs/proof-ground.ts';
import { sufferAtRandom } from '../../proofs/random-campaign.ts';
import { useCluster } from '../postgres-cluster.ts';

const SUBSCRIBERS = 150;
const TIME_LIMIT = 600_000;
const cluster = useCluster();
const ground = prepareGround(SUBSCRIBERS, async () => cluster.url(await cluster.makeDatabase()));

describe.each(['retry', 'skip'] as const)('under `%s`', { timeout: TIME_LIMIT }, (inDoubt) => {
  it('keeps the promise through kills at every step, and at random under random faults', async () => {
    const campaign = await ground.open({ inDoubt });
    for (const step of STEPS) {
      const nth = step === 'connect' || step === 'ehlo' ? 3 : 8;
      expect(await deliverAndStrike(campaign, { step, nth }), `killed at ${step}`).toBe(true);
    }
    const seed = Math.floor(Math.random() * 1_000_000);
    await sufferAtRandom(campaign, seed, 3);
    await deliverRest(campaign);
    const { wrong, extraCopies, deliveries } = await judge(campaign);
    const { accepted = 0, rejected = 0, 'in-doubt': doubt = 0 } = countStates(deliveries);
    expect({ seed, wrong, sum: accepted + rejected + doubt }).toEqual({ seed, wrong: [], sum: SUBSCRIBERS });
    const broken = inDoubt === 'skip' ? extraCopies : doubt;
    expect({ seed, broken }).toEqual({ seed, broken: 0 });
  });
});

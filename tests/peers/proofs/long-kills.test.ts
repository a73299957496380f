/** The long campaigns: each step of a session is struck several times, and chance strikes at a server that misbehaves by chance. */
import { describe, expect, it } from 'vitest';
import { countStates, deliverAndStrike, deliverRest, judge } from '../../proofs/campaign.ts';
import { type Step, STEPS } from '../../proofs/ledger-lines.ts';
import { prepareGround } from '../../proofs/proof-ground.ts';
import { sufferAtRandom } from '../../proofs/random-campaign.ts';

const SUBSCRIBERS = 300;
const TIME_LIMIT = 600_000;
const ground = prepareGround(SUBSCRIBERS);

/** Which time at each step: sessions are opened only four times a run. */
const timesOf = (step: Step): readonly number[] =>
  step === 'connect' || step === 'ehlo' ? [1, 4] : [1, 7, 22];

describe.each(['retry', 'skip'] as const)('under `%s`', { timeout: TIME_LIMIT }, (inDoubt) => {
  it('keeps the promise through kills at every step, each several times', async () => {
    const campaign = await ground.open({ inDoubt });
    // Before a body leaves, both policies are the same.
    for (const step of inDoubt === 'skip' ? STEPS.slice(5) : STEPS) {
      for (const nth of timesOf(step)) {
        expect(await deliverAndStrike(campaign, { step, nth }), `killed at ${step} ${nth}`).toBe(true);
      }
    }
    await deliverRest(campaign);
    const { wrong, extraCopies, deliveries } = await judge(campaign);
    expect(wrong).toEqual([]);
    const { accepted = 0, 'in-doubt': doubt = 0 } = countStates(deliveries);
    expect(accepted + doubt).toBe(SUBSCRIBERS);
    expect(inDoubt === 'skip' ? extraCopies : doubt).toBe(0);
  });

  it('keeps it through random kills under random faults', async () => {
    const seed = Math.floor(Math.random() * 1_000_000);
    const campaign = await ground.open({ inDoubt });
    await sufferAtRandom(campaign, seed, 8);
    const { wrong, extraCopies, deliveries } = await judge(campaign);
    const { accepted = 0, rejected = 0, 'in-doubt': doubt = 0 } = countStates(deliveries);
    expect({ seed, wrong, sum: accepted + rejected + doubt }).toEqual({ seed, wrong: [], sum: SUBSCRIBERS });
    const broken = inDoubt === 'skip' ? extraCopies : doubt;
    expect({ seed, broken }).toEqual({ seed, broken: 0 });
  });
});

/** kill -9 of the real program at every step of a session, and at random under random faults, counted on the server's side. The long campaigns are in tests/peers. */
import { describe, expect, it } from 'vitest';
import { type Campaign, countStates, deliverAndStrike, deliverRest, judge } from './campaign.ts';
import { type Step, STEPS } from './ledger-lines.ts';
import { prepareGround } from './proof-ground.ts';
import { sufferAtRandom } from './random-campaign.ts';

const SUBSCRIBERS = 80;
/** Each kill is a start of the program. */
const TIME_LIMIT = 300_000;
const ground = prepareGround(SUBSCRIBERS);

/** Somewhere in the middle: sessions are opened only four times a run. */
const nthOf = (step: Step): number => (step === 'connect' || step === 'ehlo' ? 3 : 9);

async function strikeAt(campaign: Campaign, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    expect(await deliverAndStrike(campaign, { step, nth: nthOf(step) }), `killed at ${step}`).toBe(true);
  }
}

describe('killed at every step', { timeout: TIME_LIMIT }, () => {
  it('under `retry` loses nobody, and sends again only what was cut off, byte for byte', async () => {
    const campaign = await ground.open({ inDoubt: 'retry' });
    await strikeAt(campaign, STEPS);
    await deliverRest(campaign);
    const { wrong, deliveries } = await judge(campaign);
    expect(wrong).toEqual([]);
    expect(countStates(deliveries)).toEqual({ accepted: SUBSCRIBERS });
  });

  it('under `skip` sends nothing twice, and names each that is in doubt', async () => {
    const campaign = await ground.open({ inDoubt: 'skip' });
    await strikeAt(campaign, ['before-dot', 'after-dot', 'after-reply']);
    await deliverRest(campaign);
    const { wrong, extraCopies, deliveries } = await judge(campaign);
    expect(wrong).toEqual([]);
    expect(extraCopies).toBe(0);
    const { accepted = 0, 'in-doubt': inDoubt = 0 } = countStates(deliveries);
    expect(accepted + inDoubt).toBe(SUBSCRIBERS);
    // Killed between the dot and the reply, somebody must be.
    expect(inDoubt).toBeGreaterThan(0);
  });
});

describe('killed at random, at a server that misbehaves at random', { timeout: TIME_LIMIT }, () => {
  it.each([
    ['retry', 11],
    ['skip', 12],
  ] as const)('keeps the promise under `%s`, seed %i', async (inDoubt, seed) => {
    const campaign = await ground.open({ inDoubt });
    await sufferAtRandom(campaign, seed, 2);
    const { wrong, extraCopies, deliveries } = await judge(campaign);
    const { accepted = 0, rejected = 0, 'in-doubt': doubt = 0 } = countStates(deliveries);
    expect({ seed, wrong, sum: accepted + rejected + doubt }).toEqual({ seed, wrong: [], sum: SUBSCRIBERS });
    // At most once under one policy, at least once under the other.
    const broken = inDoubt === 'skip' ? extraCopies : doubt;
    expect({ seed, broken }).toEqual({ seed, broken: 0 });
  });
});

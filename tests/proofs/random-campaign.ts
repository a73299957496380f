/** Death by chance at a server that misbehaves by chance. One seed gives the same blows and the same faults. */
import { type Campaign, deliverAndStrike, deliverRest } from './campaign.ts';
import { STEPS } from './ledger-lines.ts';
import { openDice } from './server-faults.ts';

/** One step of a session in so many goes wrong. */
const TROUBLE = 20;

export async function sufferAtRandom(campaign: Campaign, seed: number, blows: number): Promise<void> {
  const dice = openDice(seed);
  await campaign.server.wish({ kind: 'trouble', seed, every: TROUBLE });
  for (let blow = 0; blow < blows; blow += 1) {
    const step = STEPS[Math.floor(dice() * STEPS.length)] ?? 'after-dot';
    await deliverAndStrike(campaign, { step, nth: 1 + Math.floor(dice() * 12) });
  }
  await campaign.server.wish({ kind: 'trouble', seed: 0, every: 0 });
  await deliverRest(campaign);
}

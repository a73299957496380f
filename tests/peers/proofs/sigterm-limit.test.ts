/** A server that never answers must not hold up a restart of the machine: half a minute after SIGTERM the program leaves, and the ledger knows who is in doubt. */
import { describe, expect, it } from 'vitest';
import { countStates, deliverRest, judge, startAndSignal, untilStruck } from '../../proofs/campaign.ts';
import { prepareGround } from '../../proofs/proof-ground.ts';

const SUBSCRIBERS = 20;
const ground = prepareGround(SUBSCRIBERS);

describe('SIGTERM while a server keeps silent after the dot', { timeout: 300_000 }, () => {
  it('ends with 0 by itself, and the one without an answer is sent again as the same copy', async () => {
    const campaign = await ground.open({ connections: 1 });
    await campaign.server.wish({ kind: 'answers', replies: ['silence'] });
    const running = await startAndSignal(campaign, { step: 'after-dot', nth: 1, signal: 'SIGTERM' });
    await untilStruck(campaign);
    // RFC 5321 §4.5.3.2.6 would have it wait ten minutes for the answer.
    expect(await running.ended).toMatchObject({ code: 0 });
    await deliverRest(campaign);
    const { wrong, extraCopies, deliveries } = await judge(campaign);
    expect({ wrong, extraCopies }).toEqual({ wrong: [], extraCopies: 1 });
    expect(countStates(deliveries)).toEqual({ accepted: SUBSCRIBERS });
  });
});

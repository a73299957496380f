/** The program is asked to stop, or put to sleep while another takes over: nobody is missed, and nobody has two copies without a reason. */
import { describe, expect, it } from 'vitest';
import {
  type Campaign,
  countStates,
  deliverRest,
  judge,
  putToSleep,
  startAndSignal,
  untilStruck,
} from './campaign.ts';
import { prepareGround } from './proof-ground.ts';
import type { Running } from './run-renga.ts';

const SUBSCRIBERS = 60;
const TIME_LIMIT = 300_000;
const ground = prepareGround(SUBSCRIBERS);

describe('SIGTERM', { timeout: TIME_LIMIT }, () => {
  it('ends with 0 when what is in flight is finished; the next run has the rest', async () => {
    const campaign = await ground.open();
    const running = await startAndSignal(campaign, { step: 'mid-body', nth: 9, signal: 'SIGTERM' });
    expect(await running.ended).toMatchObject({ code: 0 });
    const first = await judge(campaign);
    const { accepted = 0, due = 0 } = countStates(first.deliveries);
    expect(accepted + due).toBe(SUBSCRIBERS);
    expect(due).toBeGreaterThan(0);
    expect(accepted).toBe(first.lines.filter(({ at }) => at === 'taken').length);
    await deliverRest(campaign);
    const { wrong, extraCopies, deliveries } = await judge(campaign);
    expect({ wrong, extraCopies }).toEqual({ wrong: [], extraCopies: 0 });
    expect(countStates(deliveries)).toEqual({ accepted: SUBSCRIBERS });
  });

  it('leaves at once the second time; the one without an answer is in doubt', async () => {
    const campaign = await ground.open({ connections: 1 });
    await campaign.server.wish({ kind: 'answers', replies: ['silence'] });
    const running = await startAndSignal(campaign, { step: 'after-dot', nth: 1, signal: 'SIGTERM' });
    await untilStruck(campaign);
    // Two signals of one kind may arrive as one, so it is said until it is heard.
    const again = setInterval(() => running.kill('SIGTERM'), 20);
    const { code } = await running.ended;
    clearInterval(again);
    expect(code).toBe(130);
    await deliverRest(campaign);
    const { wrong, extraCopies, deliveries } = await judge(campaign);
    expect({ wrong, extraCopies }).toEqual({ wrong: [], extraCopies: 1 });
    expect(countStates(deliveries)).toEqual({ accepted: SUBSCRIBERS });
  });
});

describe('a program that sleeps past its lease', { timeout: TIME_LIMIT }, () => {
  /** While it sleeps another delivers all; hours later by its clock, so that the lease is over. */
  async function overtake(
    campaign: Campaign,
    sleeper: Running,
    beforeItWakes?: () => Promise<void>,
  ): Promise<void> {
    await putToSleep(sleeper);
    campaign.runs = 1;
    await deliverRest(campaign);
    await beforeItWakes?.();
    sleeper.kill('SIGCONT');
    expect(await sleeper.ended).toMatchObject({ code: 0 });
    await deliverRest(campaign);
  }

  it.each([
    ['data', 6],
    ['after-reply', 6],
  ] as const)('at %s, hands over nothing more when it wakes', async (step, nth) => {
    const campaign = await ground.open();
    const sleeper = await startAndSignal(campaign, { step, nth, signal: 'SIGSTOP' });
    await untilStruck(campaign);
    await overtake(campaign, sleeper);
    const { wrong, deliveries } = await judge(campaign);
    expect(wrong).toEqual([]);
    expect(countStates(deliveries)).toEqual({ accepted: SUBSCRIBERS });
  });

  it('cannot put off what another has handed over meanwhile', async () => {
    const campaign = await ground.open({ connections: 1 });
    const { wish } = campaign.server;
    await wish({ kind: 'answers', replies: ['451 4.3.0 later'] });
    await wish({ kind: 'hold', isHeld: true });
    const sleeper = await startAndSignal(campaign, { step: 'after-dot', nth: 1, signal: 'SIGCONT' });
    await untilStruck(campaign);
    await wish({ kind: 'peace' });
    await overtake(campaign, sleeper, async () => await wish({ kind: 'hold', isHeld: false }));
    const { wrong, extraCopies, deliveries } = await judge(campaign);
    expect({ wrong, extraCopies }).toEqual({ wrong: [], extraCopies: 0 });
    expect(countStates(deliveries)).toEqual({ accepted: SUBSCRIBERS });
  });
});

/** A digest is paused, resumed and cancelled by one program while another sends it; and a program that is stopped does not wait for ever. */
import { describe, expect, it } from 'vitest';
import { countStates, deliverRest, readDeliveries, startAndSignal, untilStruck } from './campaign.ts';
import { prepareGround } from './proof-ground.ts';
import { runRenga, startRenga } from './run-renga.ts';

const SUBSCRIBERS = 60;
const TIME_LIMIT = 300_000;
const ground = prepareGround(SUBSCRIBERS);

describe('a digest that is being sent', { timeout: TIME_LIMIT }, () => {
  it('is paused, and goes on', async () => {
    // One connection, stopped when nothing is on its way to the disk: a program that sleeps over the lock keeps others out.
    const campaign = await ground.open({ connections: 1 });
    const { root } = campaign.publication;
    const running = await startAndSignal(campaign, { step: 'after-dot', nth: 4, signal: 'SIGSTOP' });
    await untilStruck(campaign);
    expect(await runRenga(root, ['digests', 'pause', '1'])).toMatchObject({ code: 0, error: '' });
    running.kill('SIGCONT');
    expect(await running.ended).toMatchObject({ code: 0 });
    const { accepted = 0, due = 0 } = countStates(await readDeliveries(campaign));
    expect(accepted + due).toBe(SUBSCRIBERS);
    expect(due).toBeGreaterThan(0);
    expect((await runRenga(root, ['status'])).out).toMatch(/digest 1 was paused by hand/);
    expect((await runRenga(root, ['digests', 'resume', '1'])).out).toBe('digest 1 goes on.\n');
    await deliverRest(campaign);
    expect(countStates(await readDeliveries(campaign))).toEqual({ accepted: SUBSCRIBERS });
  });

  it('is cancelled: who was not handed it does not get it, and it is said who had it', async () => {
    // One connection, stopped when nothing is on its way to the disk: a program that sleeps over the lock keeps others out.
    const campaign = await ground.open({ connections: 1 });
    const { root } = campaign.publication;
    const running = await startAndSignal(campaign, { step: 'after-dot', nth: 4, signal: 'SIGSTOP' });
    await untilStruck(campaign);
    const { out } = await runRenga(root, ['digests', 'cancel', '1', '--yes', '--json']);
    const cancelled = JSON.parse(out) as { readonly addresses: Readonly<Record<string, readonly string[]>> };
    running.kill('SIGCONT');
    await running.ended;
    await deliverRest(campaign);
    const taken = (await campaign.server.lines()).flatMap((line) => (line.at === 'taken' ? [line.to] : []));
    // Three had it, and one was being handed it.
    expect(countStates(await readDeliveries(campaign))).toEqual({ accepted: 4, withdrawn: SUBSCRIBERS - 4 });
    expect(taken).toHaveLength(4);
    const gone = new Set(cancelled.addresses['withdrawn']);
    expect(taken.filter((to) => gone.has(to))).toEqual([]);
    expect(gone.size).toBe(SUBSCRIBERS - 4);
  });
});

describe('a program that is stopped while a server keeps silent', { timeout: TIME_LIMIT }, () => {
  it('ends with 0 when its time is over, and what had no answer is in doubt', async () => {
    const campaign = await ground.open({ connections: 1, inDoubt: 'skip' });
    const [clock, patience] = ['shift-clock.ts', 'quick-patience.ts'].map(
      (file) => new URL(file, import.meta.url).href,
    );
    await campaign.server.wish({ kind: 'answers', replies: ['silence'] });
    const running = startRenga(campaign.publication.root, ['deliver', '--json'], {
      hours: 1,
      under: ['env', `NODE_OPTIONS=--import ${clock} --import ${patience}`],
    });
    await campaign.server.wish({
      kind: 'ambush',
      pid: running.pid,
      step: 'after-dot',
      nth: 1,
      signal: 'SIGTERM',
    });
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
    await deliverRest(campaign);
    expect(countStates(await readDeliveries(campaign))).toEqual({ accepted: SUBSCRIBERS - 1, 'in-doubt': 1 });
  });
});

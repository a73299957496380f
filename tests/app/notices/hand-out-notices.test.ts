/** From a form to a mail: what each gets, and what a server that fails, a pause and a death make of it. */
import { simpleParser } from 'mailparser';
import { afterAll, describe, expect, it } from 'vitest';
import { handOutNotices, tidyNotices } from '../../../src/app/notices/hand-out-notices.ts';
import { openNoticeMaker } from '../../../src/app/notices/make-notice.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { joinParts } from '../../../src/domain/message.ts';
import { OperatorError } from '../../../src/domain/operator-error.ts';
import { parsePurposeToken } from '../../../src/domain/purpose-token.ts';
import type { Store } from '../../../src/domain/store.ts';
import { newcomer } from '../../store/samples.ts';
import { signUp } from '../../store/sign-ups-contract.ts';
import { ACCOUNT, describeWorker, openServer, START, transportTo } from '../delivery/delivering.ts';
import {
  openExamplePublication,
  openExampleWorkshop,
  plainPress,
  TEMPLATES,
} from '../example-publication.ts';

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

const never = new AbortController().signal;

async function openExample(changes: Partial<Renga> = {}) {
  const { renga, server, events } = await openExamplePublication(workshop, changes);
  return {
    renga,
    server,
    events,
    run: async () => await handOutNotices(renga, openNoticeMaker(renga), never),
  };
}

async function ask(store: Store, name: string): Promise<void> {
  await store.signUps.ask(signUp(name, { name: 'Buy <b>pills</b>' }), [], START);
}

describe('handing out notices', () => {
  it('sends who signed up one confirmation, with nothing in it that they typed', async () => {
    const { renga, server, run, events } = await openExample();
    await ask(renga.store, 'ann');
    expect(await run()).toBeNull();
    await run();
    expect(server.taken.map(({ envelope }) => envelope)).toEqual([
      { from: renga.publication.from.address, to: 'ann@example.org' },
    ]);
    const text = Buffer.from(joinParts(server.taken[0]!.parts)).toString();
    expect(text).not.toMatch(/pills/);
    expect(text).not.toMatch(/^(?:List-|Precedence|Feedback-ID)/im);
    const mail = await simpleParser(text);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.messageId).toMatch(/^<renga\.notice-1\.[0-9a-f]{32}@/);
    const [, token = ''] = /\/confirm\/([\w-]+)/.exec(mail.text ?? '') ?? [];
    const keys = await renga.store.linkKeys();
    expect(parsePurposeToken('confirm', token, keys)?.subject).toBe(1);
    expect(parsePurposeToken('undo', token, keys)).toBeNull();
    expect(events).toMatchObject([{ kind: 'notice-settled', notice: 'confirmation', outcome: 'accepted' }]);
  });

  it('sends the same copy again to a server that did not say whether it took it, later', async () => {
    let now = START;
    const { renga, server, run } = await openExample({ clock: () => now });
    server.answer = (_, attempt) => (attempt === 0 ? 'silent' : { kind: 'accepted', reply: '250' });
    await ask(renga.store, 'ann');
    const due = await run();
    expect(due!.since(START).total('minutes')).toBe(2);
    await renga.store.rotateLinkKey(now);
    await run();
    expect(server.taken).toHaveLength(1);
    now = due!;
    expect(await run()).toBeNull();
    const [first, second] = server.taken.map(({ parts }) => Buffer.from(joinParts(parts)).toString());
    expect(second).toBe(first);
  });

  it('goes on to the next account where one has no server, and pauses that one', async () => {
    const { renga, server, run } = await openExample();
    const broken = { ...openServer(), refuse: { kind: 'unreachable', reply: 'no route' } as const };
    const [account] = renga.accounts;
    const two: Partial<Renga> = {
      accounts: [{ ...account!, name: 'broken' }, account!],
      openTransport: async (name) => await Promise.resolve(transportTo(name === 'broken' ? broken : server)),
    };
    const example = { ...renga, ...two };
    await ask(renga.store, 'ann');
    await handOutNotices(example, openNoticeMaker(example), never);
    expect(server.taken).toHaveLength(1);
    expect(await renga.store.ledger.pauses()).toMatchObject([
      { scope: { kind: 'account', account: 'broken' } },
    ]);
    await run();
  });

  it('keeps what a server refuses because of us, and sends nothing while everything is paused', async () => {
    let now = START;
    const { renga, server, run } = await openExample({ clock: () => now });
    server.answer = () => ({
      kind: 'rejected',
      reply: '550 5.7.1 policy',
      scope: 'us',
      enhancedCode: '5.7.1',
    });
    for (const name of ['ann', 'bob']) await ask(renga.store, name);
    expect(await run()).not.toBeNull();
    expect(server.taken).toEqual([]);
    expect(await renga.store.ledger.pauses()).toHaveLength(1);
    server.answer = () => ({ kind: 'accepted', reply: '250' });
    await renga.store.ledger.endPause({ kind: 'account', account: renga.accounts[0]!.name });
    await renga.store.ledger.setPause({
      scope: { kind: 'all' },
      reason: 'x',
      hint: 'y',
      since: now,
      until: null,
    });
    now = now.add({ hours: 1 });
    await run();
    expect(server.taken).toEqual([]);
    await renga.store.ledger.endPause({ kind: 'all' });
    expect(await run()).toBeNull();
    expect(server.taken.map(({ envelope }) => envelope.to).toSorted()).toEqual([
      'ann@example.org',
      'bob@example.org',
    ]);
  });

  it('sends one copy more when its program died behind the mark, ten minutes later', async () => {
    let now = START;
    const { renga, server, run } = await openExample({ clock: () => now });
    const { store } = renga;
    await store.subscribers.add([newcomer('ann')], START);
    await store.subscribers.leave(1, 'one-click', START);
    await store.ledger.enlist(describeWorker('dead'), now);
    const leaseUntil = now.add({ minutes: 15 });
    const [claim] = await store.notices.claim({ worker: 'dead', limit: 1, now, leaseUntil });
    await store.notices.mark(claim!, now);
    await run();
    await tidyNotices(renga);
    expect((await run())?.since(now).total('minutes')).toBe(10);
    now = now.add({ minutes: 10 });
    await run();
    expect(server.taken).toHaveLength(1);
    expect(Buffer.from(joinParts(server.taken[0]!.parts)).toString()).toMatch(/\/undo\//);
  });

  it('lets the others pass where one kind cannot be made, tells that once, and sends it once it can', async () => {
    let now = START;
    let isBroken = true;
    const pressMail: Renga['pressMail'] = async (template, view) => {
      if (isBroken && template === 'goodbye.mjml')
        throw new OperatorError('goodbye.mjml is broken', 'Mend it.');
      return await plainPress(template, view);
    };
    const templates = new Map(TEMPLATES);
    const { renga, server, events } = await openExample({ clock: () => now, pressMail, templates });
    const make = openNoticeMaker(renga);
    for (const name of ['ann', 'bob']) await renga.store.subscribers.add([newcomer(name)], START);
    for (const id of [1, 2]) await renga.store.subscribers.leave(id, 'one-click', START);
    await ask(renga.store, 'cleo');
    const due = await handOutNotices(renga, make, never);
    expect(server.taken.map(({ envelope }) => envelope.to)).toEqual(['cleo@example.org']);
    expect(due!.since(START).total('minutes')).toBe(10);
    for (let look = 0; look < 20; look += 1) {
      now = now.add({ minutes: 10 });
      await handOutNotices(renga, make, never);
    }
    expect(events.filter(({ kind }) => kind === 'notice-unmade')).toMatchObject([{ notice: 'goodbye' }]);
    isBroken = false;
    const goodbye = TEMPLATES.get('goodbye.mjml')!;
    templates.set('goodbye.mjml', { ...goodbye, text: `${goodbye.text}\n` });
    now = now.add({ minutes: 10 });
    expect(await handOutNotices(renga, make, never)).toBeNull();
    expect(server.taken).toHaveLength(3);
  });

  it('keeps to the limit of its account, however many sign up', async () => {
    let now = START;
    const account = { ...ACCOUNT, interval: (3600 / 100) * 1_000_000 };
    const { renga, server } = await openExample({ clock: () => now, accounts: [account] });
    const times: number[] = [];
    server.answer = () => {
      times.push(now.since(START).total('seconds'));
      return { kind: 'accepted', reply: '250' };
    };
    for (let reader = 0; reader < 25; reader += 1) await ask(renga.store, `reader${reader}`);
    const sleepUntil = async (until: Temporal.Instant): Promise<void> => {
      now = until;
      await Promise.resolve();
    };
    const sleeper = { ...renga, sleepUntil };
    const make = openNoticeMaker(renga);
    while ((await handOutNotices(sleeper, make, never)) !== null) now = now.add({ seconds: 2 });
    expect(times).toHaveLength(25);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(36);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(38);
  });
});

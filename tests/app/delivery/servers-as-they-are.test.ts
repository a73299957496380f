/** A whole run against mail servers on real sockets that do what servers do. Counted by what was on the wire. */
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type DeliverReport, deliver } from '../../../src/app/delivery/deliver.ts';
import type { Account } from '../../../src/domain/account.ts';
import type { Store } from '../../../src/domain/store.ts';
import { compileMessage } from '../../../src/mail/compile-message.ts';
import { createSmtpTransport } from '../../../src/mail/smtp-transport.ts';
import { DIGEST, HEAD } from '../../mail/sample-message.ts';
import { fixture, openScriptedPeer, type Script, type ScriptedPeer } from '../../mail/scripted-peer.ts';
import { address, content, counts, freezeRequest, newcomer } from '../../store/samples.ts';
import { ACCOUNT, composeDeliverer, openPreparedStore, openServer, START } from './delivering.ts';

const ALIVE = new AbortController().signal;
const peers: ScriptedPeer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

async function openPeer(options: Parameters<typeof openScriptedPeer>[0] = {}): Promise<ScriptedPeer> {
  const peer = await openScriptedPeer(options);
  peers.push(peer);
  return peer;
}

async function open(addresses: readonly string[]): Promise<Store> {
  const store = await openPreparedStore([]);
  await store.subscribers.add(
    addresses.map((one) => newcomer('x', { address: address(one) })),
    START,
  );
  const mime = await compileMessage(HEAD, DIGEST);
  await store.digests.freeze(2, freezeRequest('two', { contents: [{ ...content(), mime }] }));
  return store;
}

const readers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `reader${index}@example.org`);

type Trial = {
  readonly account?: Partial<Account>;
  readonly url?: string;
  readonly onSleep?: (until: Temporal.Instant) => void;
};

async function run(store: Store, peer: ScriptedPeer, trial: Trial = {}): Promise<DeliverReport> {
  const account = { ...ACCOUNT, ...trial.account };
  let now = START;
  const deliverer = composeDeliverer(store, openServer(), {
    accounts: [account],
    clock: () => now,
    sleepUntil: async (until) => {
      if (Temporal.Instant.compare(until, now) > 0) now = until;
      trial.onSleep?.(now);
      // The sockets have their turn.
      await setImmediate();
    },
    openTransport: async () =>
      await Promise.resolve(
        createSmtpTransport({
          url: trial.url ?? `smtp://127.0.0.1:${peer.port}`,
          connections: account.connections,
          authorities: [fixture('authority')],
        }),
      ),
  });
  return await deliver(deliverer, ALIVE);
}

/** 0.0.0.0 reaches this machine and is not one of its loopback addresses: the rules for the world hold. */
const far = (peer: ScriptedPeer): string => `smtp://ann:s%40cret@0.0.0.0:${peer.port}`;
const WITH_TLS = ['STARTTLS', 'AUTH PLAIN LOGIN'];

describe('a connection that is not safe', () => {
  it.each<[string, NonNullable<Parameters<typeof openScriptedPeer>[0]>]>([
    ['STARTTLS was stripped', { extensions: ['AUTH PLAIN'], script: { starttls: '502 5.5.1 what?' } }],
    ['its certificate has expired', { extensions: WITH_TLS, certificate: 'expired' }],
    ['its certificate is of another name', { extensions: WITH_TLS, certificate: 'wrong-name' }],
  ])('carries nothing, and everybody waits with the reason: %s', async (_, options) => {
    const store = await open(readers(3));
    const peer = await openPeer(options);
    const report = await run(store, peer, { url: far(peer) });
    expect(report.pausedBecause).toMatch(/\[smtp-refused\]/);
    expect(peer.commands.filter((command) => /^(?:AUTH|MAIL|DATA)/.test(command))).toEqual([]);
    expect(peer.connections.flatMap(({ bodies }) => bodies)).toEqual([]);
    expect(await store.ledger.counts(2)).toEqual(counts({ due: 3 }));
    const [pause] = await store.ledger.pauses();
    expect(pause?.hint).toMatch(/TLS|certificate/);
  });
});

describe('an address', () => {
  it('at a domain beyond ASCII goes in A-labels to a server that knows no SMTPUTF8', async () => {
    const store = await open(['ann@bücher.example']);
    const peer = await openPeer({ extensions: [] });
    await run(store, peer);
    expect(await store.ledger.counts(2)).toEqual(counts({ accepted: 1 }));
    const envelope = peer.commands.filter((command) => /^(?:MAIL|RCPT)/.test(command)).join('\n');
    expect(envelope).toContain('RCPT TO:<ann@xn--bcher-kva.example>');
    expect(envelope).not.toMatch(/SMTPUTF8|8BITMIME/);
    const body = peer.connections[0]?.bodies[0]?.toString('latin1') ?? '';
    expect(body).toContain('\r\nTo: ann@xn--bcher-kva.example\r\n');
    expect(body).toMatch(/^[\t\n\r -~]*$/);
  });
});

describe('a server that counts', () => {
  it('never hears more in a second than the limit and one', async () => {
    const store = await open(readers(12));
    let second = 0;
    const heard: number[] = [];
    const script: Script = {
      message: () => {
        heard.push(second);
        return null;
      },
    };
    const peer = await openPeer({ script });
    const onSleep = (now: Temporal.Instant): void => {
      second = now.since(START).total('seconds');
    };
    await run(store, peer, { account: { interval: 500_000, connections: 1 }, onSleep });
    expect(heard).toEqual(Array.from({ length: 12 }, (_, index) => index / 2));
  });

  it('hears of a domain through no more connections at once than it may have', async () => {
    const store = await open(readers(12));
    let carrying = 0;
    let most = 0;
    const script: Script = {
      rcpt: () => {
        carrying += 1;
        most = Math.max(most, carrying);
        return null;
      },
      message: () => {
        carrying -= 1;
        return null;
      },
    };
    const peer = await openPeer({ script });
    const domains = { '*': { interval: 0, connections: 2 } };
    await run(store, peer, { account: { domains, connections: 6 } });
    expect(most).toBeLessThanOrEqual(2);
    expect(await store.ledger.counts(2)).toEqual(counts({ accepted: 12 }));
  });

  it('has no more than a few put off when it closes with 421, and the rest waits', async () => {
    const store = await open(readers(40));
    let messages = 0;
    const script: Script = {
      mail: () => {
        messages += 1;
        return messages > 10 ? { say: '421 4.7.0 too many connections', next: 'hang-up' } : null;
      },
    };
    const peer = await openPeer({ script });
    const report = await run(store, peer, { account: { connections: 4 } });
    const { accepted, deferred, due } = await store.ledger.counts(2);
    expect(accepted).toBe(10);
    expect(deferred).toBeLessThan(10);
    expect(accepted + deferred + due).toBe(40);
    expect(report.pausedBecause ?? (await store.ledger.holds())[0]?.domain).toBeDefined();
  });

  it('is left alone for a while when it greets with 421 or drops what it is sent', async () => {
    for (const script of [
      { connect: { say: '421 4.3.2 not now', next: 'hang-up' } },
      { data: { next: 'reset' } },
    ] satisfies readonly Script[]) {
      const store = await open(readers(40));
      const report = await run(store, await openPeer({ script }));
      expect(report.pausedBecause).toMatch(/\[smtp-(?:unreachable|dropped)\]/);
      const { due, deferred } = await store.ledger.counts(2);
      expect(due + deferred).toBe(40);
      expect(deferred).toBeLessThan(8);
    }
  });
});

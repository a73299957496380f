/** A message is the same at each attempt, whatever has changed since the first; and one that would differ is not sent. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliver } from '../../../src/app/delivery/deliver.ts';
import { type MadeMessage, openMessageMaker } from '../../../src/app/delivery/make-message.ts';
import type { Claim } from '../../../src/domain/delivery.ts';
import { renderLinkToken } from '../../../src/domain/link-token.ts';
import type { Store } from '../../../src/domain/store.ts';
import type { SigningKey } from '../../../src/mail/dkim/signing-key.ts';
import { openSealer, type Sealer } from '../../../src/mail/open-sealer.ts';
import { counts } from '../../store/samples.ts';
import { composeDeliverer, describeWorker, openPreparedStore, openServer, START } from './delivering.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const KEY: SigningKey = { domain: 'example.org', selector: 'one', algorithm: 'rsa-sha256', key: privateKey };

function openWith(keys: readonly SigningKey[]): Sealer {
  const sealer = openSealer({ keys, threads: 1 });
  onTestFinished(async () => await sealer.close());
  return sealer;
}

async function claimAnn(store: Store): Promise<Claim> {
  await store.ledger.enlist(describeWorker('first'), START);
  const [claim] = await store.ledger.claim({
    worker: 'first',
    limit: 1,
    now: START,
    leaseUntil: START.add({ minutes: 15 }),
    inDoubt: 'retry',
  });
  if (!claim) throw new Error('nothing is due');
  return claim;
}

function unpack(made: MadeMessage) {
  if (made.kind !== 'made') throw new Error(made.kind);
  return {
    text: Buffer.concat(made.message.parts).toString(),
    copy: made.copy,
    envelope: made.message.envelope,
  };
}

describe('openMessageMaker', () => {
  it('fixes with the first copy what later ones need', async () => {
    const store = await openPreparedStore(['ann']);
    const claim = await claimAnn(store);
    const { copy, text } = unpack(await openMessageMaker(store, openWith([KEY]))(claim));
    const [key] = await store.linkKeys();
    expect(copy).toMatchObject({ address: claim.address, name: '', linkKey: key?.id });
    expect(text.startsWith(copy.seal?.fields ?? 'nothing')).toBe(true);
  });

  it('makes the same copy again, though name, link key and signing key have changed', async () => {
    const store = await openPreparedStore(['ann']);
    const claim = await claimAnn(store);
    const first = unpack(await openMessageMaker(store, openWith([KEY]))(claim));
    const [old] = await store.linkKeys();
    const newer = { id: 9, secret: randomBytes(32) };
    const rotated: Store = { ...store, linkKeys: async () => [newer, ...(await store.linkKeys())] };
    const again = await openMessageMaker(
      rotated,
      openWith([]),
    )({ ...claim, name: 'Ann Renamed', copy: first.copy });
    expect(unpack(again)).toEqual(first);
    // And a first copy made now is another.
    const fresh = unpack(await openMessageMaker(rotated, openWith([]))({ ...claim, name: 'Ann Renamed' }));
    expect(fresh.text).toContain(renderLinkToken(claim.subscriber, newer));
    expect(first.text).toContain(renderLinkToken(claim.subscriber, old ?? newer));
    expect(fresh.copy).toMatchObject({ name: 'Ann Renamed', linkKey: 9, seal: null });
  });
});

describe('deliver', () => {
  it('keeps the copy with the mark, and sends it again as it was, after the key was rotated', async () => {
    const store = await openPreparedStore(['ann']);
    const server = openServer();
    const texts: string[] = [];
    server.answer = (message) => {
      texts.push(Buffer.concat(message.parts).toString());
      return texts.length === 1 ? 'silent' : { kind: 'accepted', reply: '250 taken' };
    };
    await deliver(
      composeDeliverer(store, server, { openSealer: async () => await Promise.resolve(openWith([KEY])) }),
      ALIVE,
    );
    const later = {
      openSealer: async () => await Promise.resolve(openWith([])),
      clock: () => START.add({ hours: 2 }),
    };
    await deliver(composeDeliverer(store, server, later), ALIVE);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain('DKIM-Signature:');
    expect(texts[1]).toBe(texts[0]);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 1 }));
  });

  it('leaves in doubt, and does not send, a copy that would differ from the first', async () => {
    const store = await openPreparedStore(['ann']);
    const server = openServer();
    server.answer = () => 'silent';
    await deliver(composeDeliverer(store, server), ALIVE);
    const differing: Sealer = {
      seal: async () => await Promise.resolve({ kind: 'differs' }),
      close: async () => await Promise.resolve(),
    };
    const later = {
      openSealer: async () => await Promise.resolve(differing),
      clock: () => START.add({ hours: 2 }),
    };
    const report = await deliver(composeDeliverer(store, server, later), ALIVE);
    expect(server.taken).toHaveLength(1);
    expect(report.nextDue).toBeNull();
    expect(await store.ledger.counts(1)).toEqual(counts({ 'in-doubt': 1 }));
  });
});

const ALIVE = new AbortController().signal;

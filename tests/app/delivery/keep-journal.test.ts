/** The journal while digests are frozen and sent: who is behind sends nothing, and a person decides what becomes of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliver } from '../../../src/app/delivery/deliver.ts';
import { findRefusal, noteBackup, noteDigests } from '../../../src/app/delivery/keep-journal.ts';
import { acceptDatabase, viewRecovery } from '../../../src/app/recover.ts';
import { publish } from '../../../src/app/publish.ts';
import { showStatus } from '../../../src/app/show-status.ts';
import type { JournalLine } from '../../../src/domain/journal.ts';
import { OperatorError } from '../../../src/domain/operator-error.ts';
import type { Store } from '../../../src/domain/store.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { counts, freezeRequest, newcomer } from '../../store/samples.ts';
import { composeDeliverer, openPreparedStore, openServer, START, transportTo } from './delivering.ts';
import { openExamplePublication, openExampleWorkshop } from '../example-publication.ts';
import { openMemoryJournal } from './memory-journal.ts';

const NEVER = new AbortController().signal;
const eventsOf = (lines: readonly JournalLine[]): readonly string[] => lines.map(({ event }) => event);

describe('what a run notes', () => {
  it('is its digests and its start, before anything is handed over', async () => {
    const store = await openPreparedStore(['ann', 'bob']);
    const lines: JournalLine[] = [];
    const server = openServer();
    const seen: (readonly string[])[] = [];
    server.answer = () => {
      seen.push(eventsOf(lines));
      return { kind: 'accepted', reply: '250 taken' };
    };
    await deliver(composeDeliverer(store, server, { journal: openMemoryJournal(lines) }), NEVER);
    expect(seen[0]).toEqual(['opened', 'digest', 'run']);
    expect(lines[1]?.digest).toMatchObject({
      number: 1,
      series: 'weekly',
      slot: 'weekly one',
      posts: ['one'],
    });
    expect(lines.at(-1)?.epoch).toBe(await store.ledger.epoch());
  });

  it('is a beat a second at most, and none when nothing is due', async () => {
    const store = await openPreparedStore(['ann', 'bob', 'cem', 'dee', 'eve', 'fay']);
    const lines: JournalLine[] = [];
    let now = START;
    const server = openServer();
    server.answer = () => {
      now = now.add({ milliseconds: 400 });
      return { kind: 'accepted', reply: '250 taken' };
    };
    const deliverer = composeDeliverer(store, server, {
      journal: openMemoryJournal(lines),
      clock: () => now,
      connections: 1,
    });
    await deliver(deliverer, NEVER);
    expect(eventsOf(lines)).toEqual(['opened', 'digest', 'run', 'beat']);
    await deliver(deliverer, NEVER);
    expect(lines).toHaveLength(4);
  });

  it('includes a digest that is frozen while the run goes on, before it is handed over', async () => {
    const store = await openPreparedStore(['ann', 'bob']);
    const lines: JournalLine[] = [];
    const server = openServer();
    const known: number[] = [];
    const mime = await store.digests.content(1, 'all');
    if (!mime) throw new Error('digest 1 has a content');
    server.answer = () => {
      known.push(lines.filter(({ event }) => event === 'digest').length);
      return { kind: 'accepted', reply: '250 taken' };
    };
    const journal = openMemoryJournal(lines);
    const freezing = {
      ...journal,
      append: async (more: readonly JournalLine[]) => {
        await journal.append(more);
        // Another program freezes right after the run has begun.
        if (more[0]?.event === 'run')
          await store.digests.freeze(2, freezeRequest('two', { contents: [mime] }));
      },
    };
    await deliver(composeDeliverer(store, server, { journal: freezing, connections: 1 }), NEVER);
    expect(known).toEqual([1, 1, 2, 2]);
  });
});

describe('a database that is behind', () => {
  /** A store and an older copy of it, both with one journal; the digest was sent from the newer one. */
  async function openCopy(): Promise<{ readonly copy: Store; readonly lines: JournalLine[] }> {
    const store = await openPreparedStore(['ann', 'bob']);
    const lines: JournalLine[] = [];
    const folder = await mkdtemp(join(tmpdir(), 'renga-copy-'));
    await store.backup(join(folder, 'copy.db'));
    await deliver(composeDeliverer(store, openServer(), { journal: openMemoryJournal(lines) }), NEVER);
    await store.digests.freeze(2, freezeRequest('two'));
    await noteDigests({ store, journal: openMemoryJournal(lines), clock: () => START });
    const copy = await openStore({ location: join(folder, 'copy.db'), now: START });
    onTestFinished(async () => {
      await copy.close();
      await rm(folder, { recursive: true, force: true });
    });
    return { copy, lines };
  }

  it('sends nothing and takes nothing', async () => {
    const { copy, lines } = await openCopy();
    const server = openServer();
    const deliverer = composeDeliverer(copy, server, { journal: openMemoryJournal(lines) });
    await expect(deliver(deliverer, NEVER)).rejects.toThrow(/older than what was sent/);
    await expect(deliver(deliverer, NEVER)).rejects.toThrow(OperatorError);
    expect(server.taken).toEqual([]);
    expect(await copy.ledger.counts(1)).toEqual(counts({ due: 2 }));
  });

  it.each([
    ['skip', { 'in-doubt': 2 }, 0],
    ['resend', { accepted: 2 }, 2],
  ] as const)('is recovered with %s, and nobody gets what it does not know', async (open, after, taken) => {
    const { copy, lines } = await openCopy();
    const journal = openMemoryJournal(lines);
    const server = openServer();
    const deliverer = composeDeliverer(copy, server, { journal });
    const view = await viewRecovery({ store: copy, journal });
    expect(view).toMatchObject({ kind: 'older', open: 2 });
    expect(view.lost.map(({ number }) => number)).toEqual([2]);
    await acceptDatabase(deliverer, open);
    expect(await findRefusal({ store: copy, journal, clock: () => START })).toBeNull();
    await deliver(deliverer, NEVER);
    expect(await copy.ledger.counts(1)).toEqual(counts(after));
    expect(server.taken).toHaveLength(taken);
    expect(await copy.digests.freeze(3, freezeRequest('two'))).toEqual({ kind: 'slot-taken', number: 2 });
  });

  it('is known after a backup, too, though nothing was sent since', async () => {
    const store = await openPreparedStore(['ann']);
    const lines: JournalLine[] = [];
    const journal = openMemoryJournal(lines);
    const epoch = await store.ledger.epoch();
    await noteBackup({ store, journal, clock: () => START });
    expect(await store.ledger.epoch()).toBeGreaterThan(epoch);
    expect(eventsOf(lines)).toEqual(['opened', 'backup']);
  });

  it('is found out when it is put in the place of the other during a run', async () => {
    const store = await openPreparedStore(['ann', 'bob', 'cem']);
    const lines: JournalLine[] = [];
    let now = START;
    const server = openServer();
    server.answer = () => {
      now = now.add({ seconds: 2 });
      return { kind: 'accepted', reply: '250 taken' };
    };
    let raises = 0;
    const ledger = {
      ...store.ledger,
      // Digest, run, and then it counts from where it was.
      raiseEpoch: async () => ((raises += 1) > 2 ? 1 : await store.ledger.raiseEpoch()),
    };
    const deliverer = composeDeliverer({ ...store, ledger }, server, {
      journal: openMemoryJournal(lines),
      clock: () => now,
      connections: 1,
    });
    await expect(deliver(deliverer, NEVER)).rejects.toThrow(/older than what was sent/);
    expect(server.taken.length).toBeLessThan(3);
  });
});

describe('a publication whose database is behind', () => {
  it('publishes its pages, freezes nothing, and says why', async () => {
    const workshop = openExampleWorkshop();
    onTestFinished(() => workshop.close());
    const publication = await openExamplePublication(workshop);
    const { renga, root } = publication;
    await renga.store.subscribers.add([newcomer('ann')], START);
    await publish(renga, { trustStamps: true, allowEmpty: true, byHand: null, signal: NEVER });
    await renga.journal.append([{ instance: renga.store.instanceId, epoch: 99, at: START, event: 'run' }]);
    await rm(join(root, 'public'), { recursive: true, force: true });
    const again = publish(renga, {
      trustStamps: false,
      allowEmpty: true,
      byHand: renga.series[0] ?? null,
      signal: NEVER,
    });
    await expect(again).rejects.toThrow(/older than what was sent/);
    expect((await publication.publicFiles()).size).toBeGreaterThan(0);
    expect(await renga.store.digests.all()).toEqual([]);
    expect((await showStatus(renga)).problems.join()).toMatch(/older than what was sent/);
  });
});

describe('a journal that cannot be written', () => {
  it('stops sending before anything is handed over', async () => {
    const store = await openPreparedStore(['ann']);
    const server = openServer();
    const full = new OperatorError('the journal cannot be written (ENOSPC)', 'Make room.');
    const journal = { ...openMemoryJournal(), append: async () => await Promise.reject(full) };
    await expect(deliver(composeDeliverer(store, server, { journal }), NEVER)).rejects.toThrow(full);
    expect(server.taken).toEqual([]);
  });

  it('gives back what was claimed when it fails in a run, and goes on when it can be written', async () => {
    const store = await openPreparedStore(['ann', 'bob', 'cem']);
    const lines: JournalLine[] = [];
    let isFull = false;
    let now = START;
    const inner = openMemoryJournal(lines);
    const journal = {
      ...inner,
      append: async (more: readonly JournalLine[]) => {
        if (isFull) throw new OperatorError('the journal cannot be written (ENOSPC)', 'Make room.');
        await inner.append(more);
      },
    };
    const server = openServer();
    server.answer = () => {
      isFull = true;
      now = now.add({ seconds: 2 });
      return { kind: 'accepted', reply: '250 taken' };
    };
    const deliverer = composeDeliverer(store, server, { journal, clock: () => now, connections: 1 });
    await expect(deliver(deliverer, NEVER)).rejects.toThrow(/ENOSPC/);
    const { accepted, due } = await store.ledger.counts(1);
    expect(accepted + due).toBe(3);
    isFull = false;
    server.answer = () => ({ kind: 'accepted', reply: '250 taken' });
    await deliver(deliverer, NEVER);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 3 }));
    expect(server.taken).toHaveLength(3);
  });
});

describe('a disk that is full during a run', () => {
  it('stops it, and the next run of the same program has the rest, each once', async () => {
    const store = await openPreparedStore(['ann', 'bob', 'cem', 'dee', 'eve']);
    let isFull = false;
    const ledger = new Proxy(store.ledger, {
      get: (target, name) => {
        const verb = Reflect.get(target, name) as (...values: unknown[]) => Promise<unknown>;
        if (!['mark', 'claim', 'unclaim', 'release'].includes(String(name))) return verb;
        return async (...values: unknown[]) => {
          if (isFull) throw new OperatorError('renga.db cannot grow: the disk is full', 'Make room.');
          return await Reflect.apply(verb, target, values);
        };
      },
    });
    const server = openServer();
    server.answer = () => {
      isFull = true;
      return { kind: 'accepted', reply: '250 taken' };
    };
    let now = START;
    const deliverer = composeDeliverer({ ...store, ledger }, server, {
      clock: () => now,
      connections: 2,
      openTransport: async () => await Promise.resolve(transportTo(server, 2)),
    });
    await expect(deliver(deliverer, NEVER)).rejects.toThrow(/the disk is full/);
    now = START.add({ hours: 6 });
    isFull = false;
    server.answer = () => ({ kind: 'accepted', reply: '250 taken' });
    await deliver(deliverer, NEVER);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 5 }));
    expect(server.taken).toHaveLength(5);
  });
});

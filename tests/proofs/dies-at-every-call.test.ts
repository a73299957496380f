/** Publish and deliver with death at every call of the store and of the transport; then run again. Counted on the server's side. */
import { afterAll, describe, expect, it } from 'vitest';
import { deliver } from '../../src/app/delivery/deliver.ts';
import { publish } from '../../src/app/publish.ts';
import type { Renga } from '../../src/app/renga.ts';
import type { Series } from '../../src/domain/publication.ts';
import { describeWorker } from '../app/delivery/delivering.ts';
import {
  type ExamplePublication,
  MONDAY,
  openExamplePublication,
  openExampleWorkshop,
  postText,
  START,
  WEEKLY,
} from '../app/example-publication.ts';
import { counts, newcomer } from '../store/samples.ts';
import { Death, Life, makeMortal, type Moment } from './mortal-program.ts';

const NAMES = ['ann', 'bo'];
const ALIVE = new AbortController().signal;
const TIME_LIMIT = 300_000;
/** As the server of `delivering.ts` offers: so many copies may be between dot and answer at once. */
const CONNECTIONS = 2;

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

type Verb = {
  readonly name: string;
  /** What has happened before the program that dies. */
  readonly prepare: (renga: Renga) => Promise<void>;
  readonly run: (renga: Renga) => Promise<unknown>;
};

const runPublish = async (renga: Renga, byHand: Series | null): Promise<unknown> =>
  await publish(renga, { trustStamps: true, allowEmpty: false, byHand, signal: ALIVE });
const nothing = async (): Promise<void> => await Promise.resolve();

const VERBS: readonly Verb[] = [
  {
    name: 'publish by hand, where nothing was published before',
    prepare: nothing,
    run: async (renga) => await runPublish(renga, WEEKLY),
  },
  {
    name: 'publish when its slot has come',
    prepare: async (renga) => void (await runPublish({ ...renga, clock: () => START }, null)),
    run: async (renga) => await runPublish(renga, null),
  },
  {
    name: 'deliver',
    prepare: async (renga) => {
      const away = { kind: 'unreachable', reply: 'not yet' } as const;
      const transport = { connections: 1, connect: async () => await Promise.resolve(away), close: nothing };
      const clock = (): Temporal.Instant => START;
      await runPublish(
        { ...renga, clock, openTransport: async () => await Promise.resolve(transport) },
        WEEKLY,
      );
    },
    run: async (renga) => await deliver(renga, ALIVE),
  },
];

const after = (hours: number) => (): Temporal.Instant => MONDAY.add({ hours });

async function open(verb: Verb): Promise<ExamplePublication> {
  const example = await openExamplePublication(workshop);
  await example.write('posts/a.md', postText('A'));
  await example.renga.store.subscribers.add(
    NAMES.map((name) => newcomer(name)),
    START,
  );
  await verb.prepare(example.renga);
  return example;
}

/** Runs until it ends, with the death in its way; false when it came through without it. */
async function dieIn(verb: Verb, { renga }: ExamplePublication, moment: Moment): Promise<boolean> {
  const life = new Life(moment);
  try {
    await verb.run(makeMortal({ ...renga, clock: after(0) }, life));
  } catch (error) {
    if (!(error instanceof Death)) throw error;
  }
  return life.isOver;
}

async function look(example: ExamplePublication) {
  const { store } = example.renga;
  const copies = Map.groupBy(example.server.taken, ({ envelope }) => envelope.to);
  const different = new Set(
    example.server.taken.map(
      ({ envelope, parts }) => `${envelope.to} ${Buffer.concat(parts).toString('latin1')}`,
    ),
  );
  return {
    recipients: [...copies.keys()].toSorted(),
    messages: different.size,
    extraCopies: example.server.taken.length - copies.size,
    digests: (await store.digests.all()).length,
    counts: await store.ledger.counts(1),
    files: withoutFreezeTimes(await example.publicFiles()),
  };
}

/** The archive says when a digest was frozen: later, where that was left to the second run. */
function withoutFreezeTimes(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const texts = [...files].map(([path, text]): [string, string] => [
    path,
    path.startsWith('digests/') ? text.replace(/ datetime="[^"]*"/g, '') : text,
  ]);
  return new Map(texts);
}

describe.each(VERBS)('$name', { timeout: TIME_LIMIT }, (verb) => {
  async function findDeaths(when: Moment['when'], expected: Awaited<ReturnType<typeof look>>) {
    for (let call = 1; ; call += 1) {
      const example = await open(verb);
      const died = await dieIn(verb, example, { call, when });
      await verb.run({ ...example.renga, worker: describeWorker('second'), clock: after(3) });
      const found = await look(example);
      expect({ call, ...found, extraCopies: 0 }).toEqual({ call, ...expected });
      expect(found.extraCopies, `call ${call}`).toBeLessThanOrEqual(died ? CONNECTIONS : 0);
      if (!died) return call - 1;
    }
  }

  it.each(['before', 'after'] as const)('dies %s any of its calls, and nobody can tell', async (when) => {
    const whole = await open(verb);
    await verb.run({ ...whole.renga, clock: after(0) });
    const expected = await look(whole);
    expect(expected).toMatchObject({
      recipients: NAMES.map((name) => `${name}@example.org`),
      messages: NAMES.length,
      extraCopies: 0,
      digests: 1,
      counts: counts({ accepted: NAMES.length }),
    });
    expect(await findDeaths(when, expected)).toBeGreaterThan(15);
  });
});

/** With `skip`, whoever the program died on between dot and answer stays in doubt: named, and never written to again. */
describe('deliver, at most once', { timeout: TIME_LIMIT }, () => {
  const [, , verb] = VERBS;
  if (!verb) throw new Error('there is no verb `deliver`');
  const cautiously: Verb = {
    ...verb,
    run: async (renga) => {
      const delivery = { ...renga.settings.delivery, inDoubt: 'skip' as const };
      return await verb.run({ ...renga, settings: { ...renga.settings, delivery } });
    },
  };

  it.each(['before', 'after'] as const)('dies %s any of its calls, and sends nothing twice', async (when) => {
    let inDoubt = 0;
    for (let call = 1; ; call += 1) {
      const example = await open(cautiously);
      const died = await dieIn(cautiously, example, { call, when });
      await cautiously.run({ ...example.renga, worker: describeWorker('second'), clock: after(3) });
      const found = await look(example);
      expect({ call, extraCopies: found.extraCopies }).toEqual({ call, extraCopies: 0 });
      const doubted = found.counts['in-doubt'];
      expect({ call, counts: found.counts }).toEqual({
        call,
        counts: counts({ accepted: NAMES.length - doubted, 'in-doubt': doubted }),
      });
      inDoubt += doubted;
      if (!died) break;
    }
    // Some death came between the mark and the word that it was over.
    expect(inDoubt).toBeGreaterThan(0);
  });
});

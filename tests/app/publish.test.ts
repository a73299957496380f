/** The verb: what is open is finished first, then posts, feeds and digests; and it says what it did and what comes next. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { publish, type PublishReport } from '../../src/app/publish.ts';
import type { Renga } from '../../src/app/renga.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';
import type { Series } from '../../src/domain/publication.ts';
import { newcomer } from '../store/samples.ts';
import { MONDAY, postText, START, WEEKLY, openForEach } from './example-publication.ts';

const example = openForEach(async ({ renga, write }) => {
  await write('posts/a.md', postText('A'));
  await renga.store.subscribers.add([newcomer('ann'), newcomer('bo')], START);
});

const run = async (byHand: Series | null = null, changes: Partial<Renga> = {}): Promise<PublishReport> =>
  await publish(
    { ...example.renga, ...changes },
    { trustStamps: true, allowEmpty: false, byHand, signal: new AbortController().signal },
  );
const at = (moment: Temporal.Instant): Partial<Renga> => ({ clock: () => moment });
const later = at(START.add({ hours: 1 }));

describe('publish, with a digest template of the publication', () => {
  const own = (text: string): Partial<Renga> => ({
    templates: new Map([
      ...example.renga.templates,
      ['digest.mjml', { text, path: 'templates/digest.mjml' }],
    ]),
  });
  const refusing: Renga['digestRenderer'] = {
    render: async () =>
      await Promise.reject(new OperatorError('templates/digest.mjml:2: no such tag.', 'Correct it.')),
    close: async () => await Promise.resolve(),
  };

  /** Not those of the sample posts. */
  const ofTemplate = ({ problems }: PublishReport) =>
    problems.filter(({ path }) => path.startsWith('templates/'));

  it('warns of a broken one also while no digest is due, and as long as it is broken', async () => {
    const broken = { ...later, ...own('<mjml><nonsense></mjml>'), digestRenderer: refusing };
    for (let round = 0; round < 2; round += 1) {
      const report = await run(null, broken);
      expect(ofTemplate(report)).toMatchObject([
        {
          severity: 'warning',
          path: 'templates/digest.mjml',
          message: expect.stringContaining('digest.mjml:2: no such tag') as string,
        },
      ]);
      expect(report.files.length).toBeGreaterThan(0);
    }
    const mended = await run(null, { ...later, ...own('<mjml></mjml>') });
    expect(ofTemplate(mended)).toEqual([]);
  });

  it('tries the same text once', async () => {
    await run(null, { ...later, ...own('<mjml></mjml>') });
    await example.write('posts/b.md', postText('B'));
    const second = await run(null, { ...later, ...own('<mjml></mjml>'), digestRenderer: refusing });
    expect(ofTemplate(second)).toEqual([]);
  });
});

describe('a digest template that was tried', () => {
  const own = (changes: readonly (readonly [string, string])[] = []): Partial<Renga> => ({
    templates: new Map([
      ...example.renga.templates,
      ...[['digest.mjml', '<mjml></mjml>'] as const, ...changes].map(
        ([name, text]) => [name, { text, path: `templates/${name}` }] as const,
      ),
    ]),
  });

  it.each<[string, () => Partial<Renga>]>([
    ['a template that it may include', () => own([['part.liquid', 'mine']])],
    ['the series', () => ({ ...own(), series: [{ ...WEEKLY, subject: 'Another' }] })],
    [
      'the publication',
      () => ({ ...own(), publication: { ...example.renga.publication, title: 'Another' } }),
    ],
    ['the program', () => ({ ...own(), version: '99.0' })],
  ])('is tried again with another version of %s', async (_, changed) => {
    await run(null, { ...later, ...own() });
    await example.write('posts/b.md', postText('B'));
    let trials = 0;
    const counting: Renga['digestRenderer'] = {
      render: async (input) => {
        trials += 1;
        return await example.renga.digestRenderer.render(input);
      },
      close: async () => await Promise.resolve(),
    };
    await run(null, { ...later, ...changed(), digestRenderer: counting });
    expect(trials).toBe(1);
  });
});

describe('publish', () => {
  it('sends a digest once, however often it is asked to by hand or by the schedule', async () => {
    const first = await run(WEEKLY);
    expect(first.digests).toMatchObject([{ result: { kind: 'frozen', posts: 1, deliveries: 2 } }]);
    expect(first.delivered).toEqual({ accepted: 2, deferred: 0, rejected: 0, 'in-doubt': 0 });
    expect([first.open, first.nextDue]).toEqual([[], null]);
    expect(first.next).toMatchObject([{ slot: 'weekly 2026-11-16T09:00', posts: 0, subscribers: 2 }]);
    const second = await run(WEEKLY, later);
    expect(second.digests).toMatchObject([{ result: { kind: 'nothing-to-send' } }]);
    await run(null, at(MONDAY));
    expect(example.server.taken).toHaveLength(2);
  });

  it('carries the page of a digest elsewhere before the mail that links to it leaves', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'renga-target-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    let wasThere: boolean | null = null;
    example.server.answer = () => {
      wasThere ??= existsSync(join(folder, 'digests', '1', 'index.html'));
      return { kind: 'accepted', reply: '250 taken' };
    };
    const { shared } = await run(WEEKLY, { targets: [{ kind: 'folder', folder }] });
    expect([wasThere, shared?.carried]).toEqual([true, 1]);
  });

  it('makes nothing of a digest that is asked for by hand twice in a minute', async () => {
    await run(WEEKLY);
    await example.write('posts/b.md', postText('B'));
    const { digests } = await run(WEEKLY);
    expect(digests).toMatchObject([{ result: { kind: 'already-frozen', number: 1 } }]);
    expect(await example.published('digests/2/index.html')).toBeNull();
  });

  it('finishes what is open before anything else, though the posts are gone', async () => {
    example.server.answer = () => ({ kind: 'deferred', reply: '451 later' });
    const first = await run(WEEKLY);
    expect(first.delivered.deferred).toBe(2);
    expect(first.open).toMatchObject([{ digest: 1, counts: { deferred: 2 } }]);
    expect(first.nextDue).not.toBeNull();
    example.server.answer = () => ({ kind: 'accepted', reply: '250 taken' });
    await example.remove('posts');
    await expect(run(null, later)).rejects.toThrow('no folder posts/');
    expect(example.server.taken).toHaveLength(2);
  });

  it('adds up what it delivered of earlier digests and of those it froze', async () => {
    example.server.answer = () => ({ kind: 'deferred', reply: '451 later' });
    await run(WEEKLY);
    example.server.answer = () => ({ kind: 'accepted', reply: '250 taken' });
    await example.write('posts/b.md', postText('B'));
    const second = await run(WEEKLY, later);
    expect(second.delivered.accepted).toBe(4);
    expect(second.open).toEqual([]);
  });

  it('publishes feeds and freezes though no server can be reached, and says why nothing was sent', async () => {
    example.server.refuse = { kind: 'unreachable', reply: 'connection refused' };
    const report = await run(WEEKLY);
    expect(report.pausedBecause).toContain('connection refused');
    expect(report.open).toMatchObject([{ digest: 1, counts: { due: 2 } }]);
    expect(await example.published('rss.xml')).not.toBeNull();
  });

  it('tells what happens in the order in which it happens', async () => {
    await run(WEEKLY);
    const kinds = example.events.map(({ kind }) => kind);
    expect(kinds).toEqual([
      'posts-read',
      'site-written',
      'series-opened',
      'digest-frozen',
      'delivery-started',
      'settled',
      'settled',
    ]);
  });
});

/** A config that is recalled is the one that was read, only for what it was read from, and it never held a secret. */
import { describe, expect, it } from 'vitest';
import type { ConfigBook } from '../../src/config/recall-config.ts';
import { understandConfig } from '../../src/config/read-config.ts';

const ROOT = '/srv/blog';
const TEXT = `# \${NAME} takes a value from the environment.
publication: {title: The Fan, url: https://blog.renga.dev, zone: Europe/Berlin, language: de}
from: Ann <ann@renga.dev>
smtp:
  - {url: "smtp://mail.renga.dev:587", name: first}
series:
  weekly: {schedule: Monday 09:00, backlog: 2026-11-20}
  each: {schedule: each}
delivery: {retry: 50 h, grace: 90 min}
server: {proxies: [10.0.0.0/8]}
feeds: {podcast: {category: Technology}}
`;

function openBook(build = '1.0 v26 1'): ConfigBook & { readonly kept: () => string } {
  const rows = new Map<string, string>();
  const cache: ConfigBook['cache'] = {
    get: (_, key) => rows.get(key) ?? null,
    put: (_, changes) => {
      for (const [key, value] of changes) rows.set(key, value ?? '');
    },
  };
  return { cache, build, kept: () => [...rows.values()].join('\n') };
}

/** What was kept, changed by hand: whoever recalls it has that, and whoever reads anew does not. */
function mark(book: ConfigBook): void {
  for (const key of ['as written', 'with a port']) {
    const kept = book.cache.get('config', key);
    if (kept) book.cache.put('config', new Map([[key, kept.replace('The Fan', 'From the cache')]]));
  }
}

type Source = Parameters<typeof understandConfig>[0];

async function titleOf(source: Partial<Source>, book: ConfigBook): Promise<string> {
  const config = await understandConfig({ text: TEXT, root: ROOT, environment: {}, ...source }, book);
  return config.publication.title;
}

/** With classes, which a comparison of Temporal values would not see. */
function spell(value: unknown): string {
  return JSON.stringify(value, function name(this: Readonly<Record<string, unknown>>, key, inner: unknown) {
    const own = this[key];
    return own instanceof Temporal.Duration || own instanceof Temporal.Instant
      ? `${own[Symbol.toStringTag]} ${String(own)}`
      : inner;
  });
}

describe('a recalled config', () => {
  it('is what was read, with its times', async () => {
    const book = openBook();
    const source = { text: TEXT, root: ROOT, environment: {} };
    const read = await understandConfig(source, book);
    const recalled = await understandConfig(source, book);
    expect(recalled).not.toBe(read);
    expect(spell(recalled)).toBe(spell(read));
    expect(spell(read)).toContain('Temporal.Duration PT50H');
    expect(spell(read)).toContain('Temporal.Instant 2026-11-19T23:00:00Z');
    mark(book);
    expect(await titleOf({}, book)).toBe('From the cache');
  });

  it.each([
    ['another text', { text: `${TEXT}\n` }],
    ['another folder', { root: '/srv/other' }],
    ['a port', { port: 1234 }],
  ])('is not for %s', async (_, other) => {
    const book = openBook();
    await titleOf({}, book);
    mark(book);
    expect(await titleOf(other, book)).toBe('The Fan');
  });

  it('is not for another build', async () => {
    const { cache } = openBook();
    await titleOf({}, { cache, build: '1' });
    mark({ cache, build: '1' });
    expect(await titleOf({}, { cache, build: '2' })).toBe('The Fan');
  });

  it('is known with and without a port at once', async () => {
    const book = openBook();
    await titleOf({}, book);
    await titleOf({ port: 1234 }, book);
    mark(book);
    expect([await titleOf({}, book), await titleOf({ port: 1234 }, book)]).toEqual([
      'From the cache',
      'From the cache',
    ]);
  });

  it('is read anew where what was kept cannot be read', async () => {
    const book = openBook();
    await titleOf({}, book);
    const kept = book.cache.get('config', 'as written') ?? '';
    book.cache.put('config', new Map([['as written', kept.slice(0, -5)]]));
    expect(await titleOf({}, book)).toBe('The Fan');
  });

  it('is not kept where it has anything of the environment, or a secret', async () => {
    const book = openBook();
    const environment = { WORD: 'hunter2hunter2' };
    for (const secret of ['ann:${WORD}@mail.renga.dev', 'ann:hunter2hunter2@mail.renga.dev']) {
      const text = TEXT.replace('mail.renga.dev', secret);
      expect(await titleOf({ text, environment }, book)).toBe('The Fan');
    }
    expect(await titleOf({ text: TEXT.replace('The Fan', '"${WORD}"'), environment }, book)).toBe(
      'hunter2hunter2',
    );
    for (const line of [
      'server: {metrics: {token: hunter2hunter2hunter2}}',
      'database: "postgres://a:b@c/d"',
    ])
      expect(await titleOf({ text: TEXT.replace(/^server.*$/m, line) }, book)).toBe('The Fan');
    expect(book.kept()).toBe('');
    // The mention of a variable in a comment is no use of it.
    await titleOf({ environment }, book);
    expect(book.kept()).toContain('The Fan');
  });
});

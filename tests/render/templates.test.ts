/** docs/templates.md names each field that templates are given, and no other: its tables are compared with what the templates really get. */
import { groupTags } from '../../src/app/entries/group-tags.ts';
import { composeTagSlug } from '../../src/posts/compose-tag-slug.ts';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeView } from '../../src/render/digest/compose-view.ts';
import { type PageEntry, pageOutputs } from '../../src/render/pages/page-outputs.ts';
import { renderMessagePage } from '../../src/render/pages/render-message-page.ts';
import { openWorkshop, type Workshop } from '../../src/render/workshop.ts';
import { composeEntry, composeInput, PUBLICATION } from './digest/compose-entries.ts';
import { readShippedTemplates } from './digest/read-shipped-templates.ts';

const DOCUMENT = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8');

/** The names in the table below a heading; `a post` stands for the fields of one. */
function documented(heading: string): readonly string[] {
  const section = DOCUMENT.split(`\n### ${heading}\n`)[1]?.split('\n### ')[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)` +\| (a post)?/gm)].flatMap(([, name = '', post]) =>
    post ? documented('A post').map((field) => `${name}.${field}`) : [name],
  );
}

/** Every leaf of the data, by its path; lists by their first element. */
function pathsIn(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return pathsIn(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, path ? `${path}.${name}` : name));
}

/** A template that prints the variables the document tells of, as JSON: one that does not exist is an error. */
function dumpOf(template: string): string {
  const names = new Set(
    [...documented('Every page'), ...documented(template)].map((name) => name.split(/[.[]/)[0]),
  );
  return `{${[...names].map((name) => `"${name}": {{ ${name} | json | raw }}`).join(',')}}`;
}

const PAGES = {
  'page-front.liquid': 'index.html',
  'page-post.liquid': 'b/index.html',
  'page-archive.liquid': 'archive/index.html',
};
const templates = readShippedTemplates(
  Object.fromEntries([...Object.keys(PAGES), 'page-message.liquid'].map((name) => [name, dumpOf(name)])),
);
let workshop: Workshop;
let entries: readonly PageEntry[];

beforeAll(async () => {
  workshop = openWorkshop({ templates, threads: 1, timeLimitMilliseconds: 20_000 });
  entries = await Promise.all(['c', 'b', 'a'].map(composePageEntry));
});
afterAll(async () => await workshop.close());

async function composePageEntry(slug: string): Promise<PageEntry> {
  const entry = await composeEntry(workshop, { slug, haiku: ['one', 'two', 'three'], markdown: 'Text.' });
  const { html } = entry.body;
  const post = { ...entry.post, tags: ['night'] };
  const media = [
    { kind: 'audio', url: 'https://example.org/a.mp3', type: 'audio/mpeg', bytes: 1, size: null },
  ] as const;
  return {
    ...entry,
    post,
    media,
    fingerprint: slug,
    loadHtml: async () => await Promise.resolve(html),
  };
}

describe('docs/templates.md', () => {
  it('tells what the digest has', async () => {
    const [folded, whole] = await Promise.all(
      ['a', 'b'].map((slug) => composeEntry(workshop, { slug, haiku: ['x', 'y', 'z'], markdown: 'Text.' })),
    );
    if (!folded || !whole) throw new Error('two were composed');
    const folding = { full: new Set([whole]), shown: 2, verses: 2 };
    const corrections = [{ title: 'a', url: 'https://example.org/a/', words: 'x' }];
    const input = { ...composeInput([folded, whole]), corrections };
    expect(pathsIn(composeView(input, 'x', folding)).toSorted()).toEqual(
      [...documented('digest.mjml')].toSorted(),
    );
  });

  it.each(Object.entries(PAGES))('tells what %s has', async (template, path) => {
    const outputs = pageOutputs({
      publication: PUBLICATION,
      entries,
      tags: groupTags(entries),
      tagSlug: composeTagSlug,
      templates,
      workshop,
      version: '1',
    });
    const dump = await outputs.find((output) => output.path === path)?.render();
    expect(pathsIn(JSON.parse(String(dump))).toSorted()).toEqual(
      [...documented('Every page'), ...documented(template)].toSorted(),
    );
  });

  it('tells what the server’s own pages have', async () => {
    const form = { action: './x', label: 'Leave' };
    const link = { href: './y', label: 'What you get' };
    const message = { title: 'T', verse: ['one'], paragraphs: ['p'], form, link };
    const dump = await renderMessagePage({ publication: PUBLICATION, workshop }, message);
    expect(pathsIn(JSON.parse(dump)).toSorted()).toEqual(
      [...documented('Every page'), ...documented('page-message.liquid')].toSorted(),
    );
  });

  it('names every template there is', () => {
    for (const name of templates.keys()) expect(DOCUMENT).toContain(`\`${name}\``);
  });
});

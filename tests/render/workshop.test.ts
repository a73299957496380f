import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { checkFeeds } from '../../src/render/feeds/check/check-feeds.ts';
import { composeContent } from '../../src/render/feeds/feed-entry.ts';
import { type FeedJob, plainEntry } from '../../src/render/feeds/feed-job.ts';
import { renderFeeds } from '../../src/render/feeds/render-feeds.ts';
import { weighBody } from '../../src/render/feeds/weigh-entry.ts';
import { renderBody } from '../../src/render/render-body.ts';
import { sanitiseHtml } from '../../src/render/sanitise-html.ts';
import { renderText } from '../../src/render/text.ts';
import { openWorkshop } from '../../src/render/workshop.ts';
import { SAMPLES, sampleDocument } from './feeds/sample-entries.ts';

const TEMPLATES = new Map(
  Object.entries({
    'page.liquid': 'Hi {{ name }} and {{ name | raw }}, {% render "part.liquid", who: name %}',
    'part.liquid': '<{{ who }}>',
    'unknown.liquid': 'one\n\n{{ nmae }}',
    'filter.liquid': 'one\n{{ name | upcsae }}',
    'open.liquid': 'one\n{% if name %}',
    'outer.liquid': 'one\n{% render "unknown.liquid" %}',
    'file.liquid': '{% render "/etc/passwd" %}',
    'up.liquid': 'a\n{% include "../package.json" %}',
    'proto.liquid': '{{ name.constructor }}',
    'clock.liquid': '{{ "now" | date: "%Y" }}',
    'date.liquid': '{{ "2026-11-20T23:30:00Z" | date: "%Y-%m-%d %H:%M" }}',
    'forever.liquid':
      '{% for a in (1..100000) %}{% for b in (1..100000) %}{% assign c = b %}{% endfor %}{% endfor %}',
    'itself.liquid': '{% render "itself.liquid" %}',
  }).map(([name, text]) => [name, { text, path: `templates/${name}` }]),
);
const DATA = { name: '<b> & "c"' };
const workshop = openWorkshop({ templates: TEMPLATES, threads: 2, timeLimitMilliseconds: 20_000 });
/** What it is given here takes many times as long. */
const impatient = openWorkshop({ templates: TEMPLATES, threads: 1, timeLimitMilliseconds: 1000 });
const FINE = { markdown: 'fine', pageUrl: 'https://n.example/p/', slug: 'p' };
/** One paragraph of a megabyte: what reads it takes more than its share of time for each further word. */
const SLOW = { ...FINE, markdown: 'some _words_ and `code` '.repeat(40_000) };

afterAll(async () => {
  await workshop.close();
  await impatient.close();
});

async function failureOf(name: string, data: object = DATA): Promise<OperatorError> {
  const failure: unknown = await workshop.template(name, data).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OperatorError);
  return failure as OperatorError;
}

describe('templates', () => {
  it('escape what they print, unless it says raw, and render each other', async () => {
    expect(await workshop.template('page.liquid', DATA)).toBe(
      'Hi &lt;b&gt; &amp; &#34;c&#34; and <b> & "c", <&lt;b&gt; &amp; &#34;c&#34;>',
    );
  });

  it.each([
    ['unknown.liquid', 'templates/unknown.liquid, line 3: undefined variable: nmae'],
    ['filter.liquid', 'templates/filter.liquid, line 2: undefined filter: upcsae'],
    ['open.liquid', 'templates/open.liquid, line 2: tag {% if name %} not closed'],
    ['outer.liquid', 'templates/unknown.liquid, line 3: undefined variable: nmae'],
    ['proto.liquid', 'templates/proto.liquid, line 1: undefined variable: name.constructor'],
  ])('that are broken name file and line: %s', async (name, message) => {
    const failure = await failureOf(name);
    expect(failure.message).toBe(message);
    expect(failure.hint).not.toBe('');
  });

  it.each(['file.liquid', 'up.liquid', 'missing.liquid'])('reach no other file: %s', async (name) => {
    const failure = await failureOf(name);
    expect(failure.message).toMatch(
      new RegExp(`^templates/${name}.*: there is no template "[^"]+" to include`),
    );
    expect(failure.hint).toContain('Only files in templates/');
  });

  it('have no clock, and the same time in every zone', async () => {
    expect((await failureOf('clock.liquid')).message).toContain('documents have no clock');
    expect(await workshop.template('date.liquid', DATA)).toBe('2026-11-20 23:30');
  });

  it('that call themselves end in an error', async () => {
    expect((await failureOf('itself.liquid')).message).toContain('templates/itself.liquid');
  });

  it('that never end are stopped, and the next one works', async () => {
    await expect(impatient.template('forever.liquid', DATA)).rejects.toThrow(
      'templates/forever.liquid takes longer than 1 s to render.',
    );
    expect(await impatient.template('part.liquid', { who: 'x' })).toBe('<x>');
  });
});

describe('a pattern', () => {
  it('is plain text, and its errors name where it stands', async () => {
    const pattern = (text: string) => ({ text, path: 'config/renga.yaml, series.weekly.subject' });
    expect(await workshop.pattern(pattern('{{ haiku[0] }} & more'), { haiku: ['a <b>'] })).toBe(
      'a <b> & more',
    );
    await expect(workshop.pattern(pattern('{{ haik }}'), {})).rejects.toThrow(
      'config/renga.yaml, series.weekly.subject, line 1: undefined variable: haik',
    );
  });
});

describe('bodies', () => {
  it('come back as the same text for the same post', async () => {
    const [first, second] = await Promise.all([workshop.body(FINE), workshop.body(FINE)]);
    expect(first).toEqual({
      kind: 'rendered',
      html: '<p>fine</p>',
      headings: [],
      excerpt: 'fine',
      references: [],
      placeholders: 0,
      leftOut: [],
      weight: weighBody('<p>fine</p>'),
    });
    expect(second).toEqual(first);
  });

  it('that take too long are refused, and never harm the ones beside and after them', async () => {
    const results = await Promise.all([
      impatient.body(SLOW),
      impatient.body(FINE),
      impatient.body(SLOW),
      impatient.body(FINE),
    ]);
    const refused = { kind: 'refused', reason: 'takes longer than 1 s to read as Markdown' };
    expect(results.map((result) => (result.kind === 'refused' ? result : result.html))).toEqual([
      refused,
      '<p>fine</p>',
      refused,
      '<p>fine</p>',
    ]);
  });

  it('nested too deeply are refused, and the thread goes on', async () => {
    const body = await workshop.body({ ...FINE, markdown: '>'.repeat(10_000) });
    expect(body).toEqual({ kind: 'refused', reason: 'is nested too deeply to be read as Markdown' });
    expect((await workshop.body(FINE)).kind).toBe('rendered');
  });
});

describe('bodies with HTML of their own', () => {
  it('are made safe, whichever came before', async () => {
    const job = { ...FINE, markdown: 'Some <u onclick="x()">words</u>.' };
    const results = await Promise.all([job, FINE, job].map((one) => workshop.body(one)));
    expect(results).toEqual([job, FINE, job].map((one) => renderBody(one, sanitiseHtml)));
    expect(results[0]).toMatchObject({ html: '<p>Some <u>words</u>.</p>' });
  });
});

describe('texts', () => {
  const HTML = '<p>Some <a href="https://n.example/">words</a>.</p><pre><code>ls\n</code></pre>';

  it('are those that are made here', async () => {
    expect(await workshop.text(HTML)).toBe(renderText(HTML));
  });

  it('that take too long are left out', async () => {
    expect(await impatient.text('<b><i>'.repeat(1_000_000))).toBeNull();
  });
});

describe('feeds', () => {
  const { textOf: _textOf, ...document } = sampleDocument(SAMPLES);
  const now = Temporal.Instant.from('2026-11-12T12:00:00Z').epochMilliseconds;
  const texts = new Map(
    SAMPLES.map((entry) => composeContent(entry, 'full')).map((html) => [html, renderText(html)]),
  );
  const GOOD: FeedJob = { ...document, entries: SAMPLES.map(plainEntry), texts, now };
  const withBody = (html: string): FeedJob => ({
    ...GOOD,
    entries: GOOD.entries.map((entry) => ({ ...entry, body: { html } })),
  });

  it('are made as this thread makes them', async () => {
    const result = await workshop.feeds(GOOD);
    const texted = (file: Uint8Array): string => new TextDecoder().decode(file);
    if (result.kind === 'unfit') throw new Error('they were refused');
    const { rss, atom, json } = result.files;
    const feeds = { rss: texted(rss), atom: texted(atom), json: texted(json) };
    expect(feeds).toEqual(renderFeeds(sampleDocument(SAMPLES)));
    expect([rss, atom, json].map(({ length, buffer }) => length === buffer.byteLength)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('are judged as the check does', async () => {
    const job = withBody('<p onclick="steal()">Text.</p>');
    const feeds = renderFeeds({ ...job, textOf: (html) => texts.get(html) ?? null });
    const faults = checkFeeds(feeds, { epochMilliseconds: now });
    expect(faults).not.toEqual([]);
    expect(await workshop.feeds(job)).toEqual({ kind: 'unfit', faults });
  });

  it('that nobody can make in time may not be published', async () => {
    expect(await impatient.feeds(withBody('<a>'.repeat(8_000_000)))).toEqual({
      kind: 'unfit',
      faults: [{ entry: null, reason: 'takes longer than 1 s to make' }],
    });
    expect((await impatient.feeds(GOOD)).kind).toBe('fit');
  });
});

describe('a workshop', () => {
  it('that is closed rejects what is open and what comes after', async () => {
    const closing = openWorkshop({ templates: TEMPLATES, threads: 1, timeLimitMilliseconds: 20_000 });
    const open = [closing.body(SLOW), closing.body(FINE)].map((job) => expect(job).rejects.toThrow('closed'));
    await closing.close();
    await Promise.all(open);
    await expect(closing.body(FINE)).rejects.toThrow('closed');
    await closing.close();
  });

  const inProgram = async (work: string): Promise<string> => {
    const url = new URL('../../src/render/workshop.ts', import.meta.url).href;
    const program = `
      const { openWorkshop } = await import('${url}');
      const workshop = openWorkshop({ templates: new Map(), threads: 2, timeLimitMilliseconds: 20000 });
      ${work}`;
    return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])).stdout;
  };
  const RENDER = "await workshop.body({ markdown: 'x', pageUrl: 'https://n.example/', slug: 'x' })";

  it('never keeps the program alive', async () => {
    expect(await inProgram(`console.log((${RENDER}).html);`)).toBe('<p>x</p>\n');
  });

  it('may start its first thread ahead, which keeps nobody either', async () => {
    expect(await inProgram('workshop.warmUp();')).toBe('');
    expect(await inProgram(`workshop.warmUp(); console.log((${RENDER}).html);`)).toBe('<p>x</p>\n');
  });
});

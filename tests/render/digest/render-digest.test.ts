import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RenderedDigest } from '../../../src/domain/digest.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import { SLOTS } from '../../../src/domain/message.ts';
import { OperatorError } from '../../../src/domain/operator-error.ts';
import { type DigestRenderer, openDigestRenderer } from '../../../src/render/digest/render-digest.ts';
import { openWorkshop, type Workshop } from '../../../src/render/workshop.ts';
import { composeEntry, composeInput, PUBLICATION, SERIES, type Sketch } from './compose-entries.ts';
import { readShippedTemplates } from './read-shipped-templates.ts';
import { composeTorture } from './torture.ts';

const templates = readShippedTemplates();
let workshop: Workshop;
let renderer: DigestRenderer;

beforeAll(() => {
  workshop = openWorkshop({ templates, threads: 2, timeLimitMilliseconds: 20_000 });
  renderer = openDigestRenderer({ templates, workshop });
});
afterAll(async () => {
  await renderer.close();
  await workshop.close();
});

function entriesOf(sketches: readonly Sketch[]): Promise<readonly Entry[]> {
  return Promise.all(sketches.map((sketch) => composeEntry(workshop, sketch)));
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Posts of about `bytes` each, with distinct haiku and texts, oldest first. */
function manySketches(number: number, bytes: number): readonly Sketch[] {
  return Array.from({ length: number }, (_, index) => ({
    slug: `post-${index}`,
    haiku: [`first line ${index}`, 'second', 'third'],
    title: `Title ${index}`,
    markdown: `Opening ${index}.\n\n${`Text of post ${index} goes on. `.repeat(Math.ceil(bytes / 28))}\n\nClosing ${index}.`,
  }));
}

describe('the torture digest', () => {
  let digest: RenderedDigest;
  beforeAll(async () => {
    digest = await renderer.render(composeInput(await composeTorture(workshop)));
  });

  it('is as it was when it was last looked at', async () => {
    await expect(digest.html).toMatchFileSnapshot('golden/digest.html');
    await expect(digest.text).toMatchFileSnapshot('golden/digest.txt');
  });

  it('gives the same bytes again, from another process too', async () => {
    const other = openDigestRenderer({ templates, workshop });
    expect(await other.render(composeInput(await composeTorture(workshop)))).toEqual(digest);
    await other.close();
  });

  it('has slots for the token only at the end of the visible links out and to the choices', () => {
    expect(count(digest.html, SLOTS.token)).toBe(2);
    expect(digest.html).toContain(`href="https://mail.notes.example/preferences/${SLOTS.token}"`);
    expect(digest.html).toContain(`<a href="https://mail.notes.example/unsubscribe/${SLOTS.token}"`);
    expect(count(digest.text, SLOTS.token)).toBe(2);
    expect(digest.text).toMatch(new RegExp(`^https://mail.notes.example/preferences/${SLOTS.token}$`, 'm'));
    expect(digest.text).toMatch(new RegExp(`^https://mail.notes.example/unsubscribe/${SLOTS.token}$`, 'm'));
  });

  it('carries what posts say, however it looks like a template', () => {
    expect(digest.html).toContain('{{ user.name }} {% raw %} [[ x ]] &lt;%= y %&gt; &amp;amp;');
    expect(digest.html).toContain('<code style');
    expect(digest.html).toContain('&lt;/mj-text&gt;');
    for (const part of ['深夜のサーバー室', 'ليلة هادئة', '👩‍💻🏳️‍🌈', 'Its title is the haiku itself.']) {
      expect(digest.html).toContain(part);
      expect(digest.text).toContain(part);
    }
  });

  it('has nothing active, nothing loaded but the posts’ own pictures, and no tracking', () => {
    expect(digest.html).not.toMatch(/<script|javascript:|onerror|<iframe|<form|<link|@import|url\(/i);
    const sources = [...digest.html.matchAll(/src="([^"]*)"/g)].map(([, source]) => source);
    expect(sources.every((source) => source?.startsWith('https://notes.example/the-fan/'))).toBe(true);
  });

  it('has no picture wider than its column', () => {
    expect(digest.html).toMatch(/<img src="[^"]*rack.jpg"[^>]*width="536" height="302"/);
  });

  it('says its language and that it knows the dark', () => {
    expect(digest.html).toContain('<html lang="en"');
    expect(digest.html).toContain('<meta name="color-scheme" content="light dark">');
    expect(digest.html).toContain('prefers-color-scheme: dark');
  });

  it('has a text part that flows, with the haiku set in', () => {
    expect(digest.text).toContain('\n    the fan spins alone\n    between two racks of silence\n');
    const prose = digest.text
      .split('\n')
      .filter((line) => !/^ {4}|https:|Donau|^[\w-]+ {3,}|^ +\S+ {3}| {3,}/.test(line));
    expect(prose.filter((line) => line.length > 72)).toEqual([]);
  });
});

describe('a digest', () => {
  it('opens with the haiku of every post, oldest first, each linking to its post', async () => {
    const { html, text } = await renderer.render(composeInput(await entriesOf(manySketches(3, 100))));
    const verse = [...html.matchAll(/<p class="verse"[^>]*><a href="([^"]*)"[^>]*>(.*?)<\/a>/g)];
    expect(verse.map(([, url, lines]) => [url, lines])).toEqual(
      [0, 1, 2].map((n) => [`https://notes.example/post-${n}/`, `first line ${n}<br>second<br>third`]),
    );
    expect(html.indexOf('first line 2')).toBeLessThan(html.indexOf('Title 0'));
    expect(html.indexOf('Closing 0')).toBeLessThan(html.indexOf('Title 1'));
    expect(text.indexOf('first line 2')).toBeLessThan(text.indexOf('Title 0'));
  });

  it('has the first haiku’s first line as subject and its others as preheader', async () => {
    const { subject, html } = await renderer.render(composeInput(await entriesOf(manySketches(2, 100))));
    expect(subject).toBe('first line 0');
    expect(html).toMatch(/<div style="display:none[^>]*>second \/ third<\/div>/);
  });

  it('shows the title as subject where no post has a haiku', async () => {
    const [entry] = await entriesOf([{ slug: 'a', title: 'Only a title', markdown: 'x' }]);
    const { subject, html } = await renderer.render(composeInput(entry ? [entry] : []));
    expect(subject).toBe('Only a title');
    expect(html).not.toContain('class="verse"');
  });

  it('keeps its subject in one line of at most 78 characters, whatever a post is called', async () => {
    const title = `A\r\nBcc: v@e.example ${'👩‍👩‍👧‍👦'.repeat(20)}`;
    const series = { ...SERIES, subject: '{{ title }}\nX: y' };
    const { subject } = await renderer.render(
      composeInput(await entriesOf([{ slug: 'a', title, markdown: 'x' }]), { series }),
    );
    expect(subject.length).toBeLessThanOrEqual(78);
    expect(subject).toMatch(/^A Bcc: v@e\.example (?:👩‍👩‍👧‍👦)+…$/u);
  });

  it('writes dates in the publication’s language and zone', async () => {
    const publication = { ...PUBLICATION, language: 'de-AT', zone: 'Asia/Tokyo' };
    const sketch = { slug: 'a', markdown: 'x', date: '2026-11-15T23:30[Europe/Vienna]' };
    const { html, text } = await renderer.render(composeInput(await entriesOf([sketch]), { publication }));
    expect(html).toContain('16. November 2026');
    expect(text).toContain('16. November 2026');
    expect(html).toContain('<html lang="de-AT"');
  });

  it('tells why it came, who sends it, and has no address where none is configured', async () => {
    const entries = await entriesOf(manySketches(1, 10));
    const { html, text } = await renderer.render(composeInput(entries));
    for (const part of ['You get this because you subscribed to Night Shift Notes.', 'Mühlgasse 7']) {
      expect(html).toContain(part);
      expect(text).toContain(part);
    }
    const without = await renderer.render(
      composeInput(entries, { publication: { ...PUBLICATION, postalAddress: null } }),
    );
    expect(without.html + without.text).not.toContain('Mühlgasse');
  });

  it('escapes everything that is text', async () => {
    const nasty = '<b>"x"</b> & {{ y }} </mj-text>';
    const sketch: Sketch = {
      slug: 'a',
      title: nasty,
      haiku: [nasty, nasty, nasty],
      summary: nasty,
      markdown: 'x',
    };
    const publication = { ...PUBLICATION, title: nasty, postalAddress: nasty };
    const series = { ...SERIES, body: 'summary' as const };
    const { html } = await renderer.render(composeInput(await entriesOf([sketch]), { publication, series }));
    expect(html).not.toMatch(/<b>|<\/mj-text>/);
    expect(html).toContain('Unsubscribe');
    expect(html).toMatch(/&lt;b&gt;(?:"|&quot;|&#34;)x/);
  });
});

describe('a digest that would be clipped', () => {
  it('folds full texts to summaries, the longest first, and stays under 100,000 bytes', async () => {
    const sketches = [
      ...manySketches(4, 15_000),
      { ...manySketches(1, 60_000)[0], slug: 'long', title: 'Long' } as Sketch,
    ];
    const { html, text, folded } = await renderer.render(composeInput(await entriesOf(sketches)));
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(count(html, '>Read on<')).toBe(1);
    expect(html).toContain('Closing 3.');
    expect(folded).toEqual([]);
    expect(text).toContain('Title 3');
    expect(count(text, 'Text of post 0 goes on.')).toBeLessThan(1_000);
  });

  it('then says how many more there are', async () => {
    const { html, text, folded } = await renderer.render(
      composeInput(await entriesOf(manySketches(90, 3_000))),
    );
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(Buffer.byteLength(html)).toBeGreaterThan(80_000);
    expect(folded.length).toBeGreaterThan(0);
    expect(folded.at(-1)).toBe('Title 89');
    expect(html).toContain(`and ${folded.length} more</a>`);
    expect(text).toContain(`and ${folded.length} more:\nhttps://notes.example/`);
    expect(count(html, 'class="verse"')).toBe(90);
  });

  it('says so for ten thousand posts as well', async () => {
    const [entry] = await entriesOf(manySketches(1, 8_000));
    const entries = Array.from({ length: 10_000 }, () => ({ ...(entry as Entry) }));
    const { html, folded } = await renderer.render(composeInput(entries));
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(folded.length).toBeGreaterThan(9_900);
  });

  it('is left whole when the series says full, and short when it says summary', async () => {
    const entries = await entriesOf(manySketches(8, 16_000));
    const full = await renderer.render(composeInput(entries, { series: { ...SERIES, body: 'full' } }));
    expect(Buffer.byteLength(full.html)).toBeGreaterThan(120_000);
    expect(full.html).toContain('Closing 7.');
    const short = await renderer.render(composeInput(entries, { series: { ...SERIES, body: 'summary' } }));
    expect(count(short.html, '>Read on<')).toBe(8);
    expect(short.html).not.toContain('Closing');
  });
});

describe('a user’s template', () => {
  const SHIPPED = templates.get('digest.mjml')?.text ?? '';

  async function failureOf(text: string): Promise<OperatorError> {
    const broken = readShippedTemplates({ 'digest.mjml': text });
    const ownWorkshop = openWorkshop({ templates: broken, threads: 1, timeLimitMilliseconds: 20_000 });
    const own = openDigestRenderer({ templates: broken, workshop: ownWorkshop });
    const failure: unknown = await own
      .render(composeInput(await entriesOf(manySketches(3, 10))))
      .catch((error: unknown) => error);
    await own.close();
    await ownWorkshop.close();
    expect(failure).toBeInstanceOf(OperatorError);
    return failure as OperatorError;
  }

  function lineOf(part: string): number {
    return SHIPPED.slice(0, SHIPPED.indexOf(part)).split('\n').length;
  }

  it('with broken Liquid is named with its line', async () => {
    const { message } = await failureOf(SHIPPED.replace('{{ unsubscribeUrl }}', '{{ unsubscribe }}'));
    expect(message).toBe(
      `templates/digest.mjml, line ${lineOf('{{ unsubscribeUrl }}')}: undefined variable: unsubscribe`,
    );
  });

  it('with an unknown element is named with the line where its author sees it, below a loop too', async () => {
    const last = SHIPPED.lastIndexOf('<mj-text padding="0 0 56px"');
    const broken = `${SHIPPED.slice(0, last)}<mj-txet>oops</mj-txet>\n${SHIPPED.slice(last)}`;
    const { message } = await failureOf(broken);
    expect(message).toMatch(
      new RegExp(`^templates/digest\\.mjml, line ${SHIPPED.slice(0, last).split('\n').length}: .*mj-txet`),
    );
  });

  it('with an unknown attribute likewise', async () => {
    const { message } = await failureOf(SHIPPED.replace('<mj-section>', '<mj-section colour="red">'));
    expect(message).toMatch(new RegExp(`^templates/digest\\.mjml, line ${lineOf('<mj-section>')}: .*colour`));
  });

  it('that is no MJML at all is named', async () => {
    expect((await failureOf('<p>hello {{ unsubscribeUrl }}</p>')).message).toContain('templates/digest.mjml');
    expect((await failureOf('')).message).toContain('templates/digest.mjml');
  });

  it('may leave out the link to the page of preferences', async () => {
    const own = readShippedTemplates({
      'digest.mjml': SHIPPED.replace('{{ preferencesUrl }}', '{{ archiveUrl }}'),
    });
    const ownWorkshop = openWorkshop({ templates: own, threads: 1, timeLimitMilliseconds: 20_000 });
    const renderer = openDigestRenderer({ templates: own, workshop: ownWorkshop });
    const { html } = await renderer.render(composeInput(await entriesOf(manySketches(3, 10))));
    expect(count(html, SLOTS.token)).toBe(1);
    await renderer.close();
    await ownWorkshop.close();
  });

  it('without the way out, or with two, is refused', async () => {
    const none = await failureOf(SHIPPED.replace('{{ unsubscribeUrl }}', '{{ archiveUrl }}'));
    expect(none.message).toBe('templates/digest.mjml has no unsubscribe link.');
    const two = await failureOf(SHIPPED.replace('{{ archiveUrl }}">View', '{{ unsubscribeUrl }}">View'));
    expect(two.message).toBe('templates/digest.mjml has 2 unsubscribe links.');
    const again = await failureOf(SHIPPED.replace('{{ archiveUrl }}">View', '{{ preferencesUrl }}">View'));
    expect(again.message).toBe('templates/digest.mjml has 2 links to the page of preferences.');
  });

  it('with a broken subject pattern names the config', async () => {
    const series = { ...SERIES, subject: '{{ haiko[0] }}' };
    await expect(
      renderer.render(composeInput(await entriesOf(manySketches(1, 10)), { series })),
    ).rejects.toThrow('config/renga.yaml, series.weekly.subject, line 1: undefined variable: haiko');
  });
});

describe('the MJML process', () => {
  it('never keeps the program alive, and ends with it', async () => {
    const folder = new URL('./', import.meta.url).href;
    const program = `
      const { openWorkshop } = await import('${folder}../../../src/render/workshop.ts');
      const { openDigestRenderer } = await import('${folder}../../../src/render/digest/render-digest.ts');
      const { readShippedTemplates } = await import('${folder}read-shipped-templates.ts');
      const { composeEntry, composeInput } = await import('${folder}compose-entries.ts');
      const templates = readShippedTemplates();
      const workshop = openWorkshop({ templates, threads: 1, timeLimitMilliseconds: 20000 });
      const renderer = openDigestRenderer({ templates, workshop });
      const entry = await composeEntry(workshop, { slug: 'a', title: 'Hello', markdown: 'x' });
      console.log((await renderer.render(composeInput([entry]))).subject);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toBe('Hello\n');
  });
});

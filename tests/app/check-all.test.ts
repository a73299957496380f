/** `renga check` finds what is wrong before it is: templates by trying them, keys by asking DNS, and it changes nothing. */
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { checkAll } from '../../src/app/check-all.ts';
import type { Renga } from '../../src/app/renga.ts';
import { composeKeyRecord } from '../../src/mail/dkim/key-record.ts';
import type { ResolveTxt } from '../../src/mail/dkim/look-up-record.ts';
import { openDigestRenderer } from '../../src/render/digest/render-digest.ts';
import { openWorkshop } from '../../src/render/workshop.ts';
import { ED25519, RSA } from '../mail/dkim/sample-keys.ts';
import { readShippedTemplates } from '../render/digest/read-shipped-templates.ts';
import { openExamplePublication, openExampleWorkshop, postText } from './example-publication.ts';

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

async function checkKeys(resolveTxt: ResolveTxt): Promise<readonly string[]> {
  const { renga } = await openExamplePublication(workshop, { signingKeys: [RSA, ED25519], resolveTxt });
  const results = await checkAll(renga);
  const found = results.filter(({ subject }) => subject.startsWith('DKIM key'));
  // DNS may lag or be away: nothing it says is a reason not to send.
  expect(found.every(({ verdict }) => verdict !== 'wrong')).toBe(true);
  return found.map(({ subject, verdict, detail }) => `${verdict} ${subject}: ${detail}`);
}

/** An example publication with these templates, its one workshop and digest renderer. */
async function checkTemplates(
  overrides: Readonly<Record<string, string>>,
  change: (renga: Renga) => Partial<Renga> = () => ({ series: [] }),
): Promise<readonly string[]> {
  const templates = readShippedTemplates(overrides);
  const own = openWorkshop({ templates, threads: 1, timeLimitMilliseconds: 20_000 });
  const digestRenderer = openDigestRenderer({ templates, workshop: own });
  onTestFinished(async () => {
    await digestRenderer.close();
    await own.close();
  });
  const example = await openExamplePublication(own, { templates, digestRenderer });
  for (const name of ['a', 'b', 'c']) await example.write(`posts/${name}.md`, postText(name));
  await example.write('posts/d.md', `---\nauthor: Bo\ndate: 2026-11-02\n---\nx / y / z\n\nText.\n`);
  const results = await checkAll({ ...example.renga, ...change(example.renga) });
  expect(await example.publicFiles()).toEqual(new Map());
  return results.flatMap(({ subject, verdict, detail }) =>
    subject.startsWith('templates, ') ? [`${verdict} ${subject}: ${detail}`] : [],
  );
}

describe('checkAll tries every template', () => {
  it('and finds those that Renga brings right', async () => {
    expect(await checkTemplates({}, () => ({}))).toEqual([
      'right templates, pages: ',
      'right templates, digest of the series weekly: ',
    ]);
  });

  it.each(
    ['layout', 'front', 'post', 'archive', 'feeds', '404', 'message'].map((name) => `page-${name}.liquid`),
  )('and names the line of a broken %s, once', async (name) => {
    const [found, ...others] = await checkTemplates({ [name]: '\n{{ nothing }}' });
    expect(found).toMatch(
      new RegExp(`^wrong templates, pages: .*${name}, line 2: undefined variable: nothing[.] Use one of`),
    );
    expect(others).toEqual([]);
  });

  it('and each kind of post, for not all have the same', async () => {
    const [found] = await checkTemplates({
      'page-post.liquid': '{% if post.author %}{{ nothing }}{% endif %}',
    });
    expect(found).toContain('undefined variable: nothing');
  });

  it('but no pages that another generator makes', async () => {
    const settings = (renga: Renga) => ({ ...renga.settings, pages: { enabled: false, permalink: null } });
    const found = await checkTemplates({ 'page-front.liquid': '{{ nothing }}' }, (renga) => ({
      settings: settings(renga),
      series: [],
    }));
    expect(found).toEqual(['right templates, pages: ']);
  });

  it('the digest as well', async () => {
    const [, found] = await checkTemplates({ 'digest.mjml': '<mjml>\n{{ nothing }}</mjml>' }, () => ({}));
    expect(found).toContain('wrong templates, digest of the series weekly: ');
    expect(found).toContain('line 2: undefined variable: nothing. ');
  });
});

describe('checkAll', () => {
  it('says what the config allows, with its place and no more than once', async () => {
    const configProblems = [
      { severity: 'warning' as const, path: 'config/renga.yaml', line: 5, message: 'it is odd' },
    ];
    const { renga } = await openExamplePublication(workshop, { configProblems });
    const [first] = await checkAll(renga);
    expect(first).toEqual({ subject: 'config/renga.yaml:5', verdict: 'warning', detail: 'it is odd.' });
  });

  it('names each signing key, and finds its record', async () => {
    const records = new Map(
      [RSA, ED25519].map(composeKeyRecord).map(({ name, strings }) => [name, [strings]]),
    );
    expect(await checkKeys(async (name) => await Promise.resolve(records.get(name) ?? []))).toEqual([
      'right DKIM key renga-2026-11: RSA of 2048 bits, signs for example.org; its record is in DNS (renga-2026-11._domainkey.example.org).',
      'right DKIM key renga-2026-11-ed25519: Ed25519, signs for example.org; its record is in DNS (renga-2026-11-ed25519._domainkey.example.org).',
    ]);
  });

  it('warns of a record that is missing or useless', async () => {
    const [rsa, second] = await checkKeys(
      async (name) => await Promise.resolve(name.includes('ed25519') ? [['v=DKIM1; p=']] : []),
    );
    expect(rsa).toMatch(/^warning .*its record is not in DNS[^]*renga dkim show/);
    expect(second).toMatch(/^warning .*its record in DNS is useless: its p= is empty/);
  });

  it('says that there was no network', async () => {
    const error = Object.assign(new Error('no network'), { code: 'ECONNREFUSED' });
    const [rsa] = await checkKeys(async () => await Promise.reject(error));
    expect(rsa).toMatch(/DNS could not be asked for its record: ECONNREFUSED/);
    expect(rsa).not.toContain('warning');
  });

  it('says nothing of keys where there are none', async () => {
    const { renga } = await openExamplePublication(workshop);
    expect((await checkAll(renga)).map(({ subject }) => subject).join()).not.toContain('DKIM');
  });
});

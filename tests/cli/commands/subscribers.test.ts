/** The list at the command line, with the real program: brought, looked at, taken away, and a person forgotten. */
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../../bin/renga.mjs', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../../app/lists/fixtures/', import.meta.url));

type Run = { readonly code: number; readonly out: string; readonly error: string };

let folder = '';

async function run(...words: readonly string[]): Promise<Run> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...words], { cwd: folder }, (error, out, said) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: said });
    });
  });
}

const subscribers = async (...words: readonly string[]): Promise<Run> =>
  await run('-C', 'blog', 'subscribers', ...words);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-list-'));
  await run('init', 'blog');
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

it('shows what it understood, and does nothing before it is told to', async () => {
  const file = `${FIXTURES}mailchimp-subscribed.csv`;
  const plan = await subscribers('import', file, '--dry-run');
  expect(plan.code).toBe(0);
  expect(plan.out).toBe('Would import 2 as active: 2 added, 0 confirmed, 0 there already, 0 refused.\n');
  expect(plan.error).toContain('mailchimp-subscribed.csv: from Mailchimp, UTF-8\n');
  expect(plan.error).toMatch(/"OPTIN_TIME" +asked at/);
  expect(plan.error).toContain('  active        ann@example.org, Ann Lee, agreed 2013-06-25\n');
  const unanswered = await subscribers('import', file);
  expect([unanswered.code, unanswered.error]).toEqual([2, expect.stringContaining('Say --yes.')]);
  expect((await subscribers('list')).out).toBe('');
});

it('imports, names each bad line, and says so by its exit code', async () => {
  const first = await subscribers('import', `${FIXTURES}mailchimp-subscribed.csv`, '--yes');
  expect([first.code, first.out]).toEqual([0, '2 added, 0 confirmed, 0 there already, 0 refused\n']);
  const plan = await subscribers('import', `${FIXTURES}buttondown.csv`, '--dry-run');
  expect(plan.out).toMatch(/: 2 added, 0 confirmed, 2 there already, 1 refused\.\n$/);
  const second = await subscribers('import', `${FIXTURES}buttondown.csv`, '--yes', '--json');
  expect(second.code).toBe(1);
  expect(JSON.parse(second.out)).toMatchObject({ became: { added: 2, kept: 2 }, refused: 1 });
  expect(second.error).toContain('line 6: "ed@example.org" is left out');
  await writeFile(join(folder, 'empty.csv'), 'email,name\n');
  const empty = await subscribers('import', 'empty.csv', '--yes');
  expect([empty.code, empty.error]).toEqual([2, expect.stringContaining('no address in it')]);
});

it('finds, and tells the story', async () => {
  expect((await subscribers('search', 'LEE')).out).toBe('active        ann@example.org  Ann Lee\n');
  await subscribers('suppress', 'eve@example.org', '--reason', 'asked by letter');
  expect((await subscribers('list', '--state', 'suppressed')).out).toContain('eve@example.org');
  const { out } = await subscribers('show', 'ann@example.org');
  expect(out).toMatch(/^ann@example\.org: active, since 2013-06-25T17:40:01Z$/m);
  expect(out).toMatch(/^ {2}2013-06-25T17:38:27Z {2}asked, Mailchimp$/m);
  const { story, digests } = JSON.parse((await subscribers('show', 'ann@example.org', '--json')).out) as {
    readonly story: readonly { readonly kind: string }[];
    readonly digests: readonly unknown[];
  };
  expect([story.map(({ kind }) => kind), digests]).toEqual([['asked', 'confirmed', 'imported'], []]);
});

it('takes the list away, and forgets a person for good', async () => {
  const { out } = await subscribers('export');
  expect(out.split('\r\n')).toHaveLength(7);
  await writeFile(join(folder, 'all.csv'), out);
  const unsaid = await subscribers('erase', 'ann@example.org');
  expect(unsaid.code).toBe(2);
  expect((await subscribers('erase', 'ann@example.org', '--yes')).out).toBe('Erased.\n');
  expect((await subscribers('show', 'ann@example.org')).error).toContain('was erased on');
  const again = await subscribers('import', 'all.csv', '--yes');
  expect(again.out).toBe('0 added, 0 confirmed, 4 there already, 1 kept out, 0 refused\n');
  const bytes = await readFile(join(folder, 'blog', 'var', 'renga.db'));
  expect(bytes.includes('ann@example.org')).toBe(false);
  expect(bytes.includes('Ann Lee')).toBe(false);
});

it('asks one person by mail when it is told to, and nobody of a list', async () => {
  await run('init', 'asked');
  const asked = async (...words: readonly string[]): Promise<Run> => await run('-C', 'asked', ...words);
  const mails = async (): Promise<readonly string[]> => {
    await asked('deliver');
    const inbox = join(folder, 'asked', 'var', 'inbox');
    const names = (await readdir(inbox).catch(() => [])).filter((name) => name.endsWith('.eml'));
    return await Promise.all(names.map(async (name) => await readFile(join(inbox, name), 'utf8')));
  };
  await writeFile(join(folder, 'many.txt'), 'ann@example.org\nbob@example.org\ncleo@example.org\n');
  const imported = await asked('subscribers', 'import', join(folder, 'many.txt'), '--yes');
  expect(imported.error).toContain('--invite');
  await asked('subscribers', 'add', 'dora@example.org');
  expect(await mails()).toEqual([]);
  const invited = await asked('subscribers', 'add', 'bob@example.org', '--invite');
  expect([invited.code, invited.out]).toEqual([0, 'bob@example.org: was there already, pending\n']);
  expect(await mails()).toEqual([expect.stringMatching(/^To: bob@example\.org\r?$/m)]);
  await asked('subscribers', 'add', 'ann@example.org', '--confirmed');
  await asked('subscribers', 'remove', 'cleo@example.org');
  for (const name of ['ann', 'cleo']) {
    const refused = await asked('subscribers', 'add', `${name}@example.org`, '--invite');
    expect([refused.code, refused.error]).toEqual([2, expect.stringContaining('no mail asks them')]);
  }
  expect((await asked('subscribers', 'add', 'eve@example.org', '--invite', '--confirmed')).code).toBe(2);
  expect(await mails()).toHaveLength(1);
}, 60_000);

it('keeps the addresses of origin that a list has where the config says so', async () => {
  await run('init', 'origins');
  const show = async (): Promise<string> => {
    await run('-C', 'origins', 'subscribers', 'import', `${FIXTURES}mailchimp-subscribed.csv`, '--yes');
    return (await run('-C', 'origins', 'subscribers', 'show', 'ann@example.org', '--json')).out;
  };
  await appendFile(join(folder, 'origins/config/renga.yaml'), '\nsubscribe: { keepOrigin: true }\n');
  expect(await show()).toMatch(/"origin": "\d+\.\d+/);
}, 30_000);

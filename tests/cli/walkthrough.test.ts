/** The story of README, told with the real program in processes of its own: from an empty folder to mail in the inbox, and what comes after. */
import { execFile, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/renga.mjs', import.meta.url));
const SEEDS = fileURLToPath(new URL('../posts/fixtures/', import.meta.url));

type Run = { readonly code: number; readonly out: string; readonly error: string };

let folder: string;
let blog: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-walk-'));
  blog = join(folder, 'blog');
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** As a person in a shell, whatever these tests themselves were started with. */
const SHELL = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

async function renga(...words: readonly string[]): Promise<Run> {
  return await rengaIn(SHELL, ...words);
}

async function rengaIn(env: NodeJS.ProcessEnv, ...words: readonly string[]): Promise<Run> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...words], { cwd: folder, env }, (error, out, said) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: said });
    });
  });
}

const inBlog = async (...words: readonly string[]): Promise<Run> => await renga('-C', blog, ...words);

describe('from an empty folder to the inbox', () => {
  it('says what is missing where there is no publication', async () => {
    const { code, error } = await renga('-C', folder, 'publish');
    expect(code).toBe(2);
    expect(error).toMatch(/config\/renga\.yaml[\s\S]*renga init/);
    expect(error).not.toMatch(/\n\s+at /);
  });

  it('makes a publication and takes the four seeds', async () => {
    const init = await renga('init', 'blog');
    expect(init.code).toBe(0);
    expect(init.out).toContain('Next: renga -C blog start\n');
    await rm(join(blog, 'posts'), { recursive: true });
    const files = (await readdir(SEEDS)).map((name) => join(SEEDS, name));
    expect((await inBlog('import', ...files)).code).toBe(0);
    const posts = JSON.parse((await inBlog('posts', '--json')).out) as {
      title: string;
      headings: string[];
      publishedAt: string;
    }[];
    expect(posts).toHaveLength(4);
    const bug = posts.find(({ title }) => title === 'Debugging Myths vs. Reality in a LLM-Oriented World');
    expect(bug?.publishedAt).toBe('2024-02-12T00:00:00+00:00');
    expect(bug?.headings).toEqual([
      'The Setup',
      'Debugging Myths and Reality',
      'Myth: AI-Generated Code is Perfect',
      'Myth: LLMs Understand All Edge Cases',
      'The Role of Platform Engineering',
      'Learning from the Process',
      'Next Steps',
    ]);
  });

  it('shows the plan and changes nothing', async () => {
    await inBlog('subscribers', 'add', 'ann@example.org', '--confirmed');
    await writeFile(
      join(folder, 'list.csv'),
      'Email,Name\nbo@example.org,Bo\nnot an address,\nann@example.org,Ann\n',
    );
    const imported = await inBlog('subscribers', 'import', join(folder, 'list.csv'), '--confirmed', '--yes');
    expect(imported.error).toContain('line 3');
    expect(imported.out).toContain('1 added, 0 confirmed, 1 there already, 1 refused');
    const config = join(blog, 'config', 'renga.yaml');
    await writeFile(
      config,
      (await readFile(config, 'utf8')).replace(/backlog: \d{4}-\d\d-\d\d$/m, 'backlog: include'),
    );
    const plan = await inBlog('publish', '--dry-run', '--json');
    expect(plan.code).toBe(10);
    expect(plan.error).toMatch(/^config\/renga\.yaml:\d+: hint: publication\.url is not set[^\n]*\n$/);
    expect((JSON.parse(plan.out) as { entries: { added: string[] } }).entries.added).toHaveLength(4);
    await expect(stat(join(blog, 'public', 'rss.xml'))).rejects.toThrow('ENOENT');
  });

  it('says that nobody had mail yet, and who gets none', async () => {
    expect((await inBlog('deliveries')).out).toContain('No digest was frozen yet');
    expect((await inBlog('deliveries', '--json')).out).toBe('');
    const added = await inBlog('subscribers', 'add', 'cleo@example.org');
    expect(added.error).toMatch(/no digest.*--confirmed.*--invite/);
    expect((await inBlog('subscribers', 'add', 'ann@example.org')).error).toBe('');
  });

  it('writes no id under an address that is no name of its own', async () => {
    const { code, error } = await inBlog('posts', 'ids', '--write');
    expect(code).toBe(2);
    expect(error).toMatch(/127\.0\.0\.1[^]*publication\.url/);
    const config = join(blog, 'config', 'renga.yaml');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace(/# (url: \S+)/, '$1'));
    const { out } = await inBlog('posts', 'ids');
    expect(out.match(/^tag:blog\.example\.org,/gm)).toHaveLength(4);
  });

  it('refuses to send without anybody to ask', async () => {
    const { code, error } = await inBlog('publish', '--digest');
    expect(code).toBe(2);
    expect(error).toContain('4 posts to 2 subscribers');
  });

  it('publishes, freezes and delivers', async () => {
    const { code, out } = await inBlog('publish', '--digest', '--yes', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out) as {
      delivered: Record<string, number>;
      digests: { result: { kind: string } }[];
    };
    expect(report.delivered['accepted']).toBe(2);
    expect(report.digests[0]?.result.kind).toBe('frozen');
    const lines = (await inBlog('deliveries', '--json')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { digest: 1, address: 'ann@example.org', state: 'accepted', reply: expect.stringMatching(/^250/) },
      { digest: 1, address: 'bo@example.org', state: 'accepted', reply: expect.stringMatching(/^250/) },
    ]);
    const mails = (await readdir(join(blog, 'var', 'inbox'))).filter((name) => name.endsWith('.eml'));
    expect(mails).toHaveLength(2);
    const mail = await readFile(join(blog, 'var', 'inbox', mails[0] ?? ''), 'utf8');
    expect(mail).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    expect(mail.indexOf('a diff I once wrote')).toBeLessThan(mail.indexOf('the swap filled at last'));
  });

  it('does nothing the second time', async () => {
    const names = ['rss.xml', 'atom.xml', 'feed.json', 'index.html'];
    const times = async (): Promise<readonly number[]> =>
      await Promise.all(names.map(async (name) => (await stat(join(blog, 'public', name))).mtimeMs));
    const before = await times();
    const again = await inBlog('publish', '--digest', '--yes', '--json');
    expect((JSON.parse(again.out) as { delivered: Record<string, number> }).delivered['accepted']).toBe(0);
    expect(await times()).toEqual(before);
    expect((await inBlog('publish', '--dry-run')).code).toBe(0);
    expect((await readdir(join(blog, 'var', 'inbox'))).filter((name) => name.endsWith('.eml'))).toHaveLength(
      2,
    );
  });

  it('shows a sample where nothing new goes out, and says so', async () => {
    const { out, error } = await inBlog('digests', 'preview');
    expect(error).toContain('a sample: a digest of the newest post, “Debugging a Wild WebAssembly Bug');
    expect(out).toContain('the branch was deleted');
  });

  it('builds the same feeds on a fresh clone once ids are written', async () => {
    expect((await inBlog('posts', 'ids', '--write')).code).toBe(0);
    await inBlog('publish');
    const clone = join(folder, 'clone');
    for (const part of ['config', 'posts'])
      await cp(join(blog, part), join(clone, part), { recursive: true });
    expect((await renga('-C', clone, 'publish')).code).toBe(0);
    const idsOf = async (root: string): Promise<readonly string[]> => {
      const feed = JSON.parse(await readFile(join(root, 'public', 'feed.json'), 'utf8')) as {
        items: { id: string }[];
      };
      return feed.items.map(({ id }) => id);
    };
    expect(await idsOf(clone)).toEqual(await idsOf(blog));
  });

  it('keeps the feeds when the posts are gone', async () => {
    await rm(join(blog, 'posts'), { recursive: true });
    const { code, error } = await inBlog('publish');
    expect(code).toBe(2);
    expect(error).toContain('--allow-empty');
    expect(
      (JSON.parse(await readFile(join(blog, 'public', 'feed.json'), 'utf8')) as { items: unknown[] }).items,
    ).toHaveLength(4);
  });
});

describe('serve', () => {
  it('serves, lets a reader leave, and ends cleanly on SIGTERM', async () => {
    await renga('init', 'served');
    const child = spawn(process.execPath, [BIN, '-C', join(folder, 'served'), 'serve', '--port', '0'], {
      stdio: 'pipe',
    });
    let said = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ctrl-C')) resolve();
      });
    });
    const url = /pages\s+(http:\S+)/.exec(said)?.[1] ?? '';
    const feed = await fetch(`${url}rss.xml`);
    expect(feed.status).toBe(200);
    expect(feed.headers.get('content-type')).toContain('application/rss+xml');
    // The port that the system chose is in every link.
    const links = (await feed.text()).match(/http:\/\/127\.0\.0\.1[^/]*\//g) ?? [];
    expect(new Set(links)).toEqual(new Set([url]));
    expect((await fetch(`${url}unsubscribe/nonsense`)).status).toBe(404);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('serve with templates that change', () => {
  it('refuses a broken one, goes on with the old, and takes it once it is mended', async () => {
    await renga('init', 'changing');
    const templates = join(folder, 'changing', 'templates');
    await mkdir(templates);
    const child = spawn(process.execPath, [BIN, '-C', join(folder, 'changing'), 'serve', '--port', '0'], {
      stdio: 'pipe',
    });
    let said = '';
    const heard = new EventEmitter();
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        heard.emit('more');
      });
    const hear = async (words: string): Promise<void> => {
      while (!said.includes(words)) await once(heard, 'more');
    };
    await hear('Ctrl-C');
    const page = async (): Promise<string> =>
      await readFile(join(folder, 'changing', 'public', 'feeds', 'index.html'), 'utf8');
    const before = await page();
    await writeFile(join(templates, 'page-feeds.liquid'), 'ours\n{{ nothing }}');
    await hear('templates/page-feeds.liquid, line 2: undefined variable: nothing');
    expect(await page()).toBe(before);
    await writeFile(join(templates, 'page-feeds.liquid'), 'ours {{ site.title }}');
    await hear('1 file written');
    expect(await page()).toBe('ours Changing');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('a port that the system chooses', () => {
  it('is no address for documents of a program that does not listen', async () => {
    await renga('init', 'portless');
    const config = join(folder, 'portless', 'config', 'renga.yaml');
    await writeFile(config, `${await readFile(config, 'utf8')}server:\n  port: 0\n`);
    const { code, error } = await renga('-C', join(folder, 'portless'), 'publish');
    expect(code).toBe(2);
    expect(error).toContain('server.port is 0');
  });
});

describe('the command line', () => {
  it('names the command that works where npm started it', async () => {
    const env = { ...SHELL, npm_lifecycle_event: 'renga', npm_package_name: 'renga' };
    expect((await rengaIn(env, 'init', "ann's blog")).out).toContain(
      String.raw`Next: npm run renga -- -C 'ann'\''s blog' start`,
    );
  });

  it.each([[['--help']], [['publish', '--help']], [['subscribers', 'import', '--help']]])(
    'explains %j with examples',
    async (words) => {
      const { code, out } = await renga(...words);
      expect(code).toBe(0);
      expect(out).toContain('Examples:');
    },
  );

  it('takes a wrong command for something to put right', async () => {
    const { code, error } = await renga('publsh');
    expect(code).toBe(2);
    expect(error).toContain('publish');
  });
});

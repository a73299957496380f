/**
 * What serving feeds costs, against Debian's nginx with one worker in the same run: the same document, gzipped to the same bytes, whole and as 304, fetched
 * by wrk from the same machine; and what Node could reach at all. Needs the packages nginx-light and wrk.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Bench, figure, type Figure, median, reachingFigure } from './figure.ts';
import { writePosts } from './generate-posts.ts';
import { measureNode, RENGA } from './measure-process.ts';

const FEED = 'atom.xml';
const POSTS = 20;
const CONNECTIONS = 32;
const ROUNDS = 3;
const CONSTANT = fileURLToPath(new URL('constant-answer.ts', import.meta.url));

export const bench: Bench = {
  title: `\`renga serve\` against nginx (one worker): a feed in gzip and its 304, ${CONNECTIONS} connections, median of ${ROUNDS} rounds in turn`,
  run: async ({ seconds }) => {
    requirePrograms();
    const root = await mkdtemp(join(tmpdir(), 'renga-serve-'));
    const started: ChildProcess[] = [];
    try {
      await measureNode([RENGA, 'init', root], { withPeak: false });
      await setUrl(root);
      await writePosts(root, POSTS);
      await measureNode([RENGA, '-C', root, 'publish'], { withPeak: false });
      const ports = { renga: await findPort(), nginx: await findPort(), node: await findPort() };
      started.push(spawn('nginx', ['-c', await prepareNginx(root, ports.nginx)], { stdio: 'ignore' }));
      const constant = [CONSTANT, String(ports.node), join(root, 'nginx', `${FEED}.gz`)];
      started.push(spawn(process.execPath, constant, { stdio: 'ignore' }));
      started.push(
        spawn(process.execPath, [RENGA, '-C', root, 'serve', '--port', String(ports.renga)], {
          stdio: 'ignore',
        }),
      );
      return await compare(ports, Math.max(1, Math.round(seconds / 2)));
    } finally {
      await Promise.all(started.map(async (child) => await stop(child)));
      await rm(root, { recursive: true, force: true });
    }
  },
};

/** So that no document changes with the port: an entity tag asked for early stays the right one. */
async function setUrl(root: string): Promise<void> {
  const file = join(root, 'config', 'renga.yaml');
  const config = await readFile(file, 'utf8');
  await writeFile(file, config.replace('publication:\n', 'publication:\n  url: https://blog.example.org/\n'));
}

function requirePrograms(): void {
  for (const [program, args] of [
    ['nginx', ['-v']],
    ['wrk', ['-v']],
  ] as const) {
    try {
      execFileSync(program, args, { stdio: 'ignore' });
    } catch (error) {
      // wrk tells its version with exit code 1.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') continue;
      throw new Error(`${program} is missing: apt-get install nginx-light wrk`, { cause: error });
    }
  }
}

type Server = 'renga' | 'nginx' | 'node';

async function compare(ports: Readonly<Record<Server, number>>, seconds: number): Promise<readonly Figure[]> {
  const gzip = { 'Accept-Encoding': 'gzip' };
  const conditions = {
    renga: { ...gzip, 'If-None-Match': await askForTag(ports.renga) },
    nginx: { ...gzip, 'If-None-Match': await askForTag(ports.nginx) },
    node: { ...gzip, 'If-None-Match': await askForTag(ports.node) },
  };
  const rates: Record<'whole' | 'unchanged', Record<Server, number[]>> = {
    whole: { renga: [], nginx: [], node: [] },
    unchanged: { renga: [], nginx: [], node: [] },
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const server of ['nginx', 'node', 'renga'] as const) {
      rates.whole[server].push(await load(ports[server], gzip, seconds));
      rates.unchanged[server].push(await load(ports[server], conditions[server], seconds));
      await expectUnchanged(ports[server], conditions[server]);
    }
  }
  const tell = (
    what: string,
    { renga, nginx, node }: Record<Server, number[]>,
    least: number,
  ): readonly Figure[] => [
    figure(`${what}, nginx`, `${median(nginx).toFixed(0)}/s`),
    figure(
      '  a thread of Node that answers the same bytes to everything',
      `${median(node).toFixed(0)}/s`,
      median(node) / median(nginx),
    ),
    reachingFigure('  renga serve', `${median(renga).toFixed(0)}/s`, median(renga) / median(nginx), least),
  ];
  return [...tell('200 gzip', rates.whole, 0.6), ...tell('304', rates.unchanged, 0.55)];
}

/** Requests a second that wrk counts. Throws when one of them went wrong. */
async function load(
  port: number,
  headers: Readonly<Record<string, string>>,
  seconds: number,
): Promise<number> {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const url = `http://127.0.0.1:${port}/${FEED}`;
  const child = spawn('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, ...fields, url]);
  const said: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => said.push(piece));
  await once(child, 'close');
  const report = Buffer.concat(said).toString();
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1] ?? Number.NaN);
  if (Number.isNaN(rate) || /Non-2xx|Socket errors/.test(report)) throw new Error(`wrk says:\n${report}`);
  return rate;
}

/** wrk does not tell a 304 from a 200. */
async function expectUnchanged(port: number, headers: Readonly<Record<string, string>>): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${port}/${FEED}`, { headers });
  if (status !== 304) throw new Error(`${status} on port ${port}, where the feed has not changed`);
}

/** Waits until the server answers. */
async function askForTag(port: number): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/${FEED}`, {
      headers: { 'Accept-Encoding': 'gzip' },
    }).catch(() => null);
    await response?.arrayBuffer();
    const etag = response?.status === 200 ? response.headers.get('etag') : null;
    if (etag) return etag;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody serves the feed on port ${port}`);
}

/** The published files, the feed compressed beside itself; the settings that nginx serves files quickest with. */
async function prepareNginx(root: string, port: number): Promise<string> {
  const folder = join(root, 'nginx');
  await mkdir(folder);
  const feed = await readFile(join(root, 'public', FEED));
  await writeFile(join(folder, FEED), feed);
  await writeFile(join(folder, `${FEED}.gz`), gzipSync(feed, { level: 9 }));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const file = join(folder, 'nginx.conf');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  await writeFile(
    file,
    `${user} worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  types { application/atom+xml xml; } open_file_cache max=100 inactive=60s; gzip_static on;
  ${temporary.join(' ')}
  server { listen 127.0.0.1:${port}; root ${folder}; add_header Cache-Control "public, max-age=300"; add_header Vary Accept-Encoding; }
}
`,
  );
  return file;
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

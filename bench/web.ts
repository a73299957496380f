/**
 * How many sign-ups the server takes in a second: POSTs of a form to the real program, over kept connections, with the limits off, each answered when its row is
 * on disk. Counted in the database afterwards.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Bench, type Figure, figure } from './figure.ts';
import { measureNode, RENGA } from './measure-process.ts';
import { measureFeeds } from './web-feeds.ts';

const CONNECTIONS = 32;
const LEAST_PER_SECOND = 500;

export const bench: Bench = {
  title: `\`renga serve\` takes sign-ups: POST /subscribe over ${CONNECTIONS} connections, limits off, SQLite; and feeds while it sends a digest (--only sign-ups | feeds)`,
  run: async ({ seconds, only }) => [
    ...(only === 'feeds' ? [] : await measureSignUps(seconds)),
    ...(only === 'sign-ups' ? [] : await measureFeeds()),
  ],
};

async function measureSignUps(seconds: number): Promise<readonly Figure[]> {
  const root = await mkdtemp(join(tmpdir(), 'renga-web-'));
  let server: ChildProcess | null = null;
  try {
    await measureNode([RENGA, 'init', root], { withPeak: false });
    const config = join(root, 'config', 'renga.yaml');
    await writeFile(config, `${await readFile(config, 'utf8')}\nsubscribe: { limits: off }\n`);
    const started = await startServer(root);
    server = started.child;
    await signUp(started.port, 1, 'warm');
    const result = await signUp(started.port, seconds, 'reader');
    return [...report(result, seconds), countRows(root, result.taken)];
  } finally {
    server?.kill('SIGTERM');
    if (server) await new Promise((resolve) => server?.once('exit', resolve));
    await rm(root, { recursive: true, force: true });
  }
}

async function startServer(root: string): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [RENGA, '-C', root, 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return await new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(`renga serve ended early: ${said}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const port = /http:\/\/[^/:]+:(\d+)\//.exec(said)?.[1];
      if (port !== undefined) resolve({ child, port: Number(port) });
    });
  });
}

type Result = { readonly taken: number; readonly refused: number; readonly latencies: readonly number[] };

async function signUp(port: number, seconds: number, name: string): Promise<Result> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + seconds * 1000;
  const latencies: number[] = [];
  let [taken, refused, next] = [0, 0, 0];
  const drive = async (): Promise<void> => {
    while (performance.now() < end) {
      next += 1;
      const begun = performance.now();
      const status = await post(agent, port, `address=${name}${next}%40example.org&series=weekly`);
      latencies.push(performance.now() - begun);
      if (status === 200) taken += 1;
      else refused += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, drive));
  agent.destroy();
  return { taken, refused, latencies };
}

async function post(agent: Agent, port: number, body: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(body),
    };
    const sent = request({ agent, port, method: 'POST', path: '/subscribe', headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function report({ taken, refused, latencies }: Result, seconds: number): readonly Figure[] {
  const rate = taken / seconds;
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    `${(sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1)} ms`;
  return [
    {
      what: 'sign-ups taken',
      value: `${rate.toFixed(0)}/s`,
      ratio: null,
      target: `≥ ${LEAST_PER_SECOND}/s`,
      isMet: rate >= LEAST_PER_SECOND && refused === 0,
    },
    figure('answered, median', at(0.5)),
    figure('answered, p99', at(0.99)),
  ];
}

/** What was answered is there: also what the processor has dealt with since, as a subscriber or a notice. */
function countRows(root: string, taken: number): Figure {
  const database = new DatabaseSync(join(root, 'var', 'renga.db'), { readOnly: true });
  try {
    const row = database
      .prepare("select count(*) as count from sign_ups where address like 'reader%'")
      .get() as { readonly count: number };
    return {
      what: 'of them on disk',
      value: `${row.count} of ${taken}`,
      ratio: null,
      target: 'all',
      isMet: row.count === taken,
    };
  } finally {
    database.close();
  }
}

/**
 * How long feeds take to be answered while the same program hands a digest to 2,000 subscribers and 200 connections hang: half of them dribble a head that never ends,
 * half ask for a feed and read none of it. Asked at a steady pace, each answer timed from when it was due to be asked for, so that a stall counts for all it holds up.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeKey } from './delivery/measure-limit.ts';
import { chooseSink, findFreePort, type Sink, withSink } from './delivery/open-sink.ts';
import { preparePublication, writeConfig } from './delivery/run-deliver.ts';
import { boundedFigure, type Figure, figure } from './figure.ts';
import { writePosts } from './generate-posts.ts';
import { measureNode, RENGA } from './measure-process.ts';

const SUBSCRIBERS = 2000;
const HANGING = 200;
const READERS = 16;
/** Milliseconds between two questions of one reader. */
const EVERY = 50;
const MOST = 50;
const FEEDS = ['/rss.xml', '/atom.xml', '/feed.json'];

export async function measureFeeds(): Promise<readonly Figure[]> {
  const work = await mkdtemp(join(tmpdir(), 'renga-web-feeds-'));
  try {
    // smtp-sink looks about as another user.
    await chmod(work, 0o755);
    const key = await makeKey(work);
    const folder = join(work, 'publication');
    await mkdir(folder);
    await writePosts(folder, 20);
    const { result } = await withSink({ kind: chooseSink(), folder: work }, async (sink) => {
      await writeConfig(folder, { port: sink.port, connections: 8, key });
      await measureNode([RENGA, '-C', folder, 'publish'], { withPeak: false });
      await preparePublication(work, { subscribers: SUBSCRIBERS, bytes: 67_000 }, folder);
      return await measure(folder, sink);
    });
    return result;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function measure(folder: string, sink: Sink): Promise<readonly Figure[]> {
  const port = await findFreePort();
  const server = spawn(process.execPath, [RENGA, '-C', folder, 'serve', '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const hanging = hang(port);
  try {
    await until(() => sink.count() > 0 && hanging.count() === HANGING, server);
    const firstAnswer = await measureFirst(port);
    const begun = performance.now();
    const first = sink.count();
    const times = await read(port, () => sink.count() >= SUBSCRIBERS, server);
    const seconds = (performance.now() - begun) / 1000;
    const mailsPerSecond = (sink.count() - first) / seconds;
    return report(times, { firstAnswer, mailsPerSecond, hanging: hanging.count() });
  } finally {
    hanging.stop();
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

async function until(isSo: () => boolean, server: ChildProcess): Promise<void> {
  while (!isSo()) {
    if (server.exitCode !== null) throw new Error('renga serve ended early');
    await wait(5);
  }
}

/** Milliseconds of the first, while the program has just started, with hundreds of requests at its door: told apart, for it happens once. */
async function measureFirst(port: number): Promise<number> {
  const agent = new Agent();
  const begun = performance.now();
  await ask(agent, port, 0);
  agent.destroy();
  return performance.now() - begun;
}

/** Milliseconds of every answer. Throws for one that is neither 200 nor 304. */
async function read(port: number, isOver: () => boolean, server: ChildProcess): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: READERS });
  const times: number[] = [];
  const begun = performance.now();
  const pending: Promise<void>[] = [];
  for (let number = 0; !isOver(); number += 1) {
    if (server.exitCode !== null) throw new Error('renga serve ended early');
    const due = begun + (number * EVERY) / READERS;
    if (due > performance.now()) await wait(due - performance.now());
    pending.push(ask(agent, port, number).then(() => void times.push(performance.now() - due)));
  }
  await Promise.all(pending);
  agent.destroy();
  return times;
}

async function ask(agent: Agent, port: number, number: number): Promise<void> {
  const path = FEEDS[number % FEEDS.length];
  const headers = { 'Accept-Encoding': 'gzip', ...(number % 2 === 1 && { 'If-None-Match': '*' }) };
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request({ agent, port, path, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject).end();
  });
  if (status !== 200 && status !== 304) throw new Error(`${path} was answered ${status}`);
}

/** Dials again whenever the server has had enough of one. */
function hang(port: number): { readonly count: () => number; readonly stop: () => void } {
  const open = new Set<Socket>();
  let isOver = false;
  const dial = (index: number): void => {
    if (isOver) return;
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.once('connect', () => open.add(socket));
    const head = 'GET /rss.xml?slow HTTP/1.1\r\nHost: example.org\r\n';
    if (index % 2 === 0) socket.pause().write(`${head}\r\n`.repeat(20));
    else socket.write(head);
    const dribble = setInterval(() => index % 2 === 1 && socket.writable && socket.write('X'), 500);
    socket.once('close', () => {
      clearInterval(dribble);
      open.delete(socket);
      setTimeout(() => dial(index), 100);
    });
  };
  for (let index = 0; index < HANGING; index += 1) dial(index);
  return {
    count: () => open.size,
    stop: () => {
      isOver = true;
      for (const socket of open) socket.destroy();
    },
  };
}

type Beside = {
  readonly firstAnswer: number;
  readonly mailsPerSecond: number;
  readonly hanging: number;
};

function report(
  times: readonly number[],
  { firstAnswer, mailsPerSecond, hanging }: Beside,
): readonly Figure[] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return [
    figure('feeds meanwhile asked for', `${times.length}, ${(READERS * 1000) / EVERY}/s`),
    figure('  connections that hang', `${hanging} of ${HANGING}`),
    figure('  mails of the digest, signed', `${mailsPerSecond.toFixed(0)}/s`),
    figure('  answered, the first after the start', `${firstAnswer.toFixed(1)} ms`),
    figure('  answered, median', `${at(0.5).toFixed(1)} ms`),
    boundedFigure('  answered, p99', at(0.99), MOST, 'ms'),
    figure('  answered, slowest', `${(sorted.at(-1) ?? Number.NaN).toFixed(1)} ms`),
  ];
}

/** What a pool counts as a request's time: its own, and not what its thread must load first. */
import { afterAll, describe, expect, it } from 'vitest';
import { ThreadPool } from '../../src/render/thread-pool.ts';

const LIMIT_MILLISECONDS = 400;

/** Waits as a thread does that is busy: it hears nothing meanwhile. */
const SOURCE = `
import { parentPort } from 'node:worker_threads';
const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${LIMIT_MILLISECONDS * 3});
parentPort.on('message', (requests) => {
  for (const request of requests) {
    if (request !== 'work') parentPort.postMessage('loading');
    wait();
    if (request !== 'work') parentPort.postMessage('ready');
    parentPort.postMessage(\`\${request} done\`);
  }
});
wait();
parentPort.postMessage('ready');
`;

const pool = new ThreadPool<string, string>({
  file: new URL(`data:text/javascript,${encodeURIComponent(SOURCE)}`),
  data: null,
  threads: 1,
  timeLimitMilliseconds: LIMIT_MILLISECONDS,
});

afterAll(async () => {
  await pool.close();
});

describe('the time of a request', () => {
  it('begins when its thread has started, and has loaded what it needs', async () => {
    expect(await pool.run('load')).toEqual({ kind: 'answered', answer: 'load done' });
    expect(await pool.run('load')).toEqual({ kind: 'answered', answer: 'load done' });
  });

  it('is limited', async () => {
    expect(await pool.run('work')).toEqual({ kind: 'too-long' });
    expect(await pool.run('load')).toEqual({ kind: 'answered', answer: 'load done' });
  });
});

/** Floods: whatever somebody sends and from wherever they say they are, no address gets more than two confirmations a day, and no server, /64, domain or hour lets more through than it may. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { join } from 'node:path';
import { openSignUp } from '../../src/wire/open-sign-up.ts';
import { NOW, PUBLICATION, TEXTS } from '../http/example-web.ts';
import { composeRequest, exchange, openTarget, type RawAnswer, type Target } from './target.ts';

const MANY = { perVisitor: 100_000, perDomain: 100_000, overall: 100_000 };

async function open(limits: Partial<typeof MANY>, proxies: readonly string[] = []): Promise<Target> {
  const target = await openTarget({}, { limits: { ...MANY, ...limits }, proxies });
  onTestFinished(async () => await target.close());
  return target;
}

async function send(
  target: Pick<Target, 'running'>,
  address: string,
  lines: readonly string[] = [],
): Promise<RawAnswer> {
  const body = `address=${encodeURIComponent(address)}`;
  const said = [
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    ...lines,
  ];
  const [answer] = await exchange(target.running.port, composeRequest('POST /subscribe', said, body));
  return answer!;
}

/** How many of so many were taken; `ask` makes each. */
async function countTaken(times: number, ask: (number: number) => Promise<RawAnswer>): Promise<number> {
  let taken = 0;
  for (let number = 0; number < times; number += 1) {
    const { status, fields } = await ask(number);
    const retry = fields.filter((line) => /^retry-after: [1-9]\d*$/.test(line));
    expect([status, retry.length]).toEqual(status === 200 ? [200, 0] : [429, 1]);
    if (status === 200) taken += 1;
  }
  return taken;
}

const through = (hop: string): readonly string[] => [`X-Forwarded-For: ${hop}`];

describe('a flood', () => {
  it('of one address brings it two mails a day, and its sender the same answer each time', async () => {
    const target = await open({});
    const { store } = target.web;
    const confirmations = () =>
      target
        .look()
        .get('notices')!
        .filter((row) => row.includes('victim@')).length;
    const answers = [];
    for (let count = 0; count < 20; count += 1) {
      answers.push(await send(target, count % 2 === 0 ? 'victim@example.com' : 'VICTIM@example.com'));
      await store.signUps.answer(100, target.web.now.value);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(confirmations()).toBe(2);
    target.web.now.value = NOW.add({ hours: 23, minutes: 59 });
    await send(target, 'victim@example.com');
    await store.signUps.answer(100, target.web.now.value);
    expect(confirmations()).toBe(2);
    target.web.now.value = NOW.add({ hours: 24, minutes: 1 });
    for (let count = 0; count < 5; count += 1) await send(target, 'victim@example.com');
    await store.signUps.answer(100, target.web.now.value);
    expect(confirmations()).toBe(4);
  });

  it('of one that is subscribed, or left, does not fill their mailbox either', async () => {
    const target = await open({});
    for (const name of ['reader', 'left', 'pending']) {
      const before = target
        .look()
        .get('notices')!
        .filter((row) => row.includes(`${name}@`)).length;
      for (let count = 0; count < 10; count += 1) await send(target, `${name}@example.org`);
      await target.web.store.signUps.answer(100, NOW);
      const after = target
        .look()
        .get('notices')!
        .filter((row) => row.includes(`${name}@`)).length;
      expect([name, after - before <= 2]).toEqual([name, true]);
    }
  });

  it('from one visitor ends at their limit, whatever they say of themselves', async () => {
    const target = await open({ perVisitor: 9 });
    const claims = [
      'X-Forwarded-For',
      'X-Real-IP',
      'X-Client-IP',
      'CF-Connecting-IP',
      'True-Client-IP',
      'X-Originating-IP',
      'X-Remote-IP',
      'X-Cluster-Client-IP',
      'Client-IP',
    ];
    const taken = await countTaken(30, async (number) => {
      const claim = claims[number % claims.length]!;
      const lines = [
        `${claim}: 198.51.100.${number}`,
        `Forwarded: for=198.51.100.${number}`,
        `User-Agent: ${number}`,
        `Cookie: a=${number}`,
        `Via: 1.1 proxy${number}`,
      ];
      return await send(target, `a${number}@d${number}.example`, lines);
    });
    // A form that is not ours counts as three.
    expect(taken).toBe(3);
  });

  it('from one household of IPv6 ends at its limit, and leaves the next house alone', async () => {
    const target = await open({ perVisitor: 9 }, ['127.0.0.0/8']);
    const spellings = (number: number): string => {
      const half = `${((number * 7919) % 0xffff).toString(16)}:0:0:${number.toString(16)}`;
      return `${['2001:db8:0:7', '2001:DB8:0000:0007', '2001:db8:00:7'][number % 3]}:${half}`;
    };
    expect(
      await countTaken(
        20,
        async (number) => await send(target, `a${number}@d${number}.example`, through(spellings(number))),
      ),
    ).toBe(3);
    expect((await send(target, 'b@example.net', through('2001:db8:0:8::1'))).status).toBe(200);
  });

  it('through a proxy of ours counts who the proxy saw, not who they say sent them', async () => {
    const target = await open({ perVisitor: 9 }, ['127.0.0.0/8', '10.0.0.0/8']);
    const taken = await countTaken(
      20,
      async (number) =>
        await send(
          target,
          `a${number}@d${number}.example`,
          through(`203.0.113.${number}, 198.51.100.7, 10.1.2.${number}`),
        ),
    );
    expect(taken).toBe(3);
    expect((await send(target, 'b@example.net', through('198.51.100.8'))).status).toBe(200);
  });

  it('of one domain ends at its limit, from however many visitors, and in any spelling', async () => {
    const target = await open({ perDomain: 9 }, ['127.0.0.0/8']);
    const domains = ['bücher.example', 'xn--bcher-kva.example', 'BÜCHER.example', 'BÜCHER．example'];
    const taken = await countTaken(
      20,
      async (number) =>
        await send(target, `a${number}@${domains[number % 4]}`, through(`198.51.100.${number}`)),
    );
    expect(taken).toBe(3);
    expect((await send(target, 'b@example.net', through('198.51.100.1'))).status).toBe(200);
  });

  it('of everything ends at the limit of all', async () => {
    const target = await open({ overall: 9 }, ['127.0.0.0/8']);
    expect(
      await countTaken(
        20,
        async (number) =>
          await send(target, `a${number}@d${number}.example`, through(`198.51.100.${number}`)),
      ),
    ).toBe(3);
    expect(
      target
        .look()
        .get('sign_ups')!
        .filter((row) => row.includes('@d')).length,
    ).toBe(3);
  });

  it('all at once gets no more than one after another', async () => {
    const target = await open({ perVisitor: 9 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, number) => await send(target, `a${number}@d${number}.example`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
  });

  it('with a token of our form that is used again and again is no wider than one of ours', async () => {
    const target = await open({ perVisitor: 9 });
    const [page] = await exchange(target.running.port, composeRequest('GET /subscribe'));
    const token = /"token":"([\w-]+)"/.exec(page!.body)![1]!;
    target.web.now.value = NOW.add({ seconds: 2 });
    const taken = await countTaken(30, async (number) => {
      const body = `address=a${number}%40d${number}.example&form=${token}`;
      const lines = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`];
      return (await exchange(target.running.port, composeRequest('POST /subscribe', lines, body)))[0]!;
    });
    expect(taken).toBe(9);
  });

  it('finds its limit still there in a program that starts now over the same store', async () => {
    const limits = { perVisitor: 9, perDomain: 9, overall: 9 };
    const target = await open(limits);
    expect(await countTaken(5, async (number) => await send(target, `a${number}@example.com`))).toBe(3);
    const store = await openStore({ location: join(target.web.root, 'renga.sqlite'), now: NOW });
    onTestFinished(async () => await store.close());
    const workshop = { template: async () => await Promise.resolve('') };
    const means = openSignUp(
      { store, clock: () => NOW, texts: TEXTS, publication: PUBLICATION, series: [], workshop },
      {
        subscribe: { sites: [], tags: [], keepOrigin: false, limits },
        server: { host: '127.0.0.1', port: 0, proxies: [], metrics: { kind: 'off' } },
      },
    );
    const started = await openTarget(means);
    onTestFinished(async () => await started.close());
    const again = async (number: number) => await send(started, `b${number}@d${number}.example`);
    expect(await countTaken(5, again)).toBe(0);
    expect(
      target
        .look()
        .get('sign_ups')!
        .filter((row) => row.includes('@example.com')),
    ).toHaveLength(3);
  });
});

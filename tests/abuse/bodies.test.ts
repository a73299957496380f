/** Bodies that are too large, endless, or not what they say: each is refused in a word, none is kept, and none ends in an error of ours. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeRequest, exchange, openTarget, type RawAnswer, type Target } from './target.ts';

const FORM = 'application/x-www-form-urlencoded';
const LARGEST = 64 * 1024;
let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => await target.close());

/** `type` null: none is said. */
async function send(
  path: string,
  type: string | null,
  body: string,
  lines: readonly string[] = [],
): Promise<RawAnswer> {
  const said = [
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${Buffer.byteLength(body, 'latin1')}`,
    ...lines,
  ];
  const [answer] = await exchange(target.running.port, composeRequest(`POST ${path}`, said, body));
  return answer!;
}

const count = (): number => target.look().get('sign_ups')!.length;
const addresses = (): readonly unknown[] =>
  target
    .look()
    .get('sign_ups')!
    .map((row) => (JSON.parse(row) as { address: string }).address);

/** With which status it was refused, after a look that there is no trace of it. */
async function refusalOf(sent: Promise<RawAnswer>): Promise<number> {
  const before = target.look();
  const { status, body } = await sent;
  expect(body).not.toMatch(/\bat \S+ \(|node:|Error:/);
  expect(target.look()).toEqual(before);
  expect(target.web.reported).toEqual([]);
  return status;
}

describe('a body of any size', () => {
  it.each(['/subscribe', 'unsubscribe'])(
    'is read up to 64 kB, and refused with one byte more: %s',
    async (where) => {
      const path = where === 'unsubscribe' ? target.links.unsubscribe : where;
      const fill = (size: number): string => 'address=&x='.padEnd(size, 'a');
      expect(await refusalOf(send(path, FORM, fill(LARGEST + 1)))).toBe(413);
      const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      const lines = [`Content-Type: ${FORM}`, 'Transfer-Encoding: chunked'];
      const [answer] = await exchange(
        target.running.port,
        composeRequest(`POST ${path}`, lines, chunked(fill(LARGEST + 1))),
      );
      expect([undefined, 413]).toContain(answer?.status);
      const whole = await send(path, FORM, fill(LARGEST));
      expect(whole.status).toBe(where === 'unsubscribe' ? 200 : 400);
    },
  );

  it('is refused by what it announces, before it comes', async () => {
    for (const length of [LARGEST + 1, 2 ** 31, 2 ** 40]) {
      const socket = connect(target.running.port, '127.0.0.1').on('error', () => undefined);
      socket.write(
        composeRequest(
          'POST /subscribe',
          [`Content-Type: ${FORM}`, `Content-Length: ${length}`],
          'address=a',
        ),
      );
      const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
      expect(first.toString('latin1')).toMatch(/^HTTP\/1\.1 413 /);
      socket.destroy();
    }
  });

  it('without an end is cut off at 64 kB, however it is cut up', async () => {
    const before = target.look();
    for (const size of [1, 1000, 16_000]) {
      const socket = connect(target.running.port, '127.0.0.1').on('error', () => undefined);
      const answered = new Promise<string>((resolve) => {
        let said = '';
        socket
          .on('data', (piece: Buffer) => (said += piece.toString('latin1')))
          .once('close', () => resolve(said));
        socket.on('data', () => socket.destroy());
      });
      socket.write(
        composeRequest('POST /subscribe', [`Content-Type: ${FORM}`, 'Transfer-Encoding: chunked']),
      );
      const piece = `${size.toString(16)}\r\n${'a'.repeat(size)}\r\n`;
      // As long as it is taken.
      while (!socket.destroyed) {
        if (!socket.write(piece.repeat(Math.ceil(20_000 / size))))
          await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
        await new Promise(setImmediate);
      }
      expect(await answered).toMatch(/^(?:HTTP\/1\.1 413 |$)/);
    }
    expect(target.look()).toEqual(before);
  });

  it('that its sender gives up leaves nothing behind', async () => {
    const before = target.look();
    for (const lines of [['Content-Length: 30'], ['Transfer-Encoding: chunked']]) {
      const socket = connect(target.running.port, '127.0.0.1').on('error', () => undefined);
      socket.write(
        composeRequest(
          'POST /subscribe',
          [`Content-Type: ${FORM}`, ...lines],
          lines[0]!.startsWith('C') ? 'address=a@example.com' : '15\r\naddress=a@example.com',
        ),
      );
      for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
      socket.destroy();
    }
    await exchange(target.running.port, composeRequest('GET /healthz'));
    expect(target.look()).toEqual(before);
    expect(target.web.reported).toEqual([]);
  });
});

describe('a body that is not what it says', () => {
  const address = 'address=a%40example.com';
  const multipart = (boundary: string, ...fields: readonly (readonly [string, string])[]): string =>
    `${fields.map(([head, value]) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`).join('')}--${boundary}--\r\n`;

  it.each<readonly [string, string | null, string]>([
    ['no type', null, address],
    ['text', 'text/plain', address],
    ['a file', 'application/octet-stream', address],
    ['XML', 'application/xml', '<address>a@example.com</address>'],
    ['a type that is none', '/', address],
    ['a form as JSON', 'application/json', address],
    ['JSON as a form', FORM, '{"address":"a@example.com"}'],
    ['JSON with a mark before it', 'application/json', '\x00{"address":"a@example.com"}'],
    ['JSON in UTF-16', 'application/json; charset=utf-16', '\xff\xfe{\x00}\x00'],
    ['JSON that is no UTF-8', 'application/json', '{"address":"a\xff@example.com"}'],
    ['JSON twice', 'application/json', '{"address":"a@example.com"}{}'],
    ['JSON by another name', 'application/json+x', '{"address":"a@example.com"}'],
    ['a list', 'application/json', '["a@example.com"]'],
    ['a text', 'application/json', '"a@example.com"'],
    ['a number', 'application/json', '1e999'],
    ['nothing', 'application/json', ''],
    ['an address that is a list', 'application/json', '{"address":["a@example.com"]}'],
    ['an address that is an object', 'application/json', '{"address":{"toString":"a@example.com"}}'],
    ['an address that is a number', 'application/json', '{"address":1}'],
    ['an address behind a prototype', 'application/json', '{"__proto__":{"address":"a@example.com"}}'],
    [
      'an address behind a constructor',
      'application/json',
      '{"constructor":{"prototype":{"address":"a@example.com"}}}',
    ],
    ['deep JSON', 'application/json', '['.repeat(60_000)],
    ['deep objects', 'application/json', '{"a":'.repeat(12_000)],
    ['deep and whole', 'application/json', `{"address":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    [
      'multipart without a boundary',
      'multipart/form-data',
      multipart('b', ['name="address"', 'a@example.com']),
    ],
    [
      'multipart with another boundary',
      'multipart/form-data; boundary=c',
      multipart('b', ['name="address"', 'a@example.com']),
    ],
    [
      'multipart without an end',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="address"\r\n\r\na@example.com',
    ],
    ['multipart of one boundary after another', 'multipart/form-data; boundary=b', '--b\r\n'.repeat(13_000)],
    [
      'multipart with a long boundary',
      `multipart/form-data; boundary=${'b'.repeat(4000)}`,
      multipart('b'.repeat(4000), ['name="x"', 'y']),
    ],
    [
      'multipart within multipart',
      'multipart/mixed; boundary=b',
      multipart('b', ['name="address"', 'a@example.com']),
    ],
    [
      'an address that is a file',
      'multipart/form-data; boundary=b',
      multipart('b', ['name="address"; filename="a.txt"', 'a@example.com']),
    ],
    [
      'an address with a line end in its name',
      'multipart/form-data; boundary=b',
      multipart('b', ['name="address\r\nX: y"', 'a@example.com']),
    ],
    ['a form in UTF-16', FORM, 'a\x00d\x00d\x00r\x00e\x00s\x00s\x00=\x00'],
    ['a form of nothing', FORM, ''],
    ['a form of one name', FORM, 'address'],
    ['a form with brackets', FORM, 'address[]=a%40example.com&address[0]=b%40example.com'],
    ['a form of 20,000 fields', FORM, 'a&'.repeat(20_000)],
    ['a form with broken escapes', FORM, 'address=%&address=%zz&%=%'],
    ['compressed', FORM, '\x1f\x8b\x08'],
  ])('is no sign-up: %s', async (_, type, body) => {
    expect(await refusalOf(send('/subscribe', type, body))).toBe(400);
  });

  it('takes the first of two addresses, and of several encodings the one it names', async () => {
    const before = count();
    expect((await send('/subscribe', FORM, `${address}&address=b%40example.com`)).status).toBe(200);
    expect(
      (await send('/subscribe', 'application/json', '{"address":"x@example.com","address":"c@example.com"}'))
        .status,
    ).toBe(200);
    const body = multipart('b', ['name="address"', 'd@example.com'], ['name="address"', 'e@example.com']);
    expect((await send('/subscribe', 'multipart/form-data; boundary=b', body)).status).toBe(200);
    expect(
      (
        await send(
          '/subscribe?address=f%40example.com',
          `${FORM}; charset=iso-8859-1`,
          'address=g%40example.com',
        )
      ).status,
    ).toBe(200);
    expect(count()).toBe(before + 4);
    expect(addresses()).toEqual(
      expect.arrayContaining(['a@example.com', 'c@example.com', 'd@example.com', 'g@example.com']),
    );
    expect(addresses()).not.toContain('f@example.com');
  });

  it('puts no key of its own on anything of ours', async () => {
    const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    const json = `{"address":"p@example.com",${keys.map((key) => `"${key}":{"polluted":1}`).join(',')}}`;
    expect((await send('/subscribe', 'application/json', json)).status).toBe(200);
    const form = `address=q%40example.com&${keys.map((key) => `${key}=1&${key}[polluted]=1`).join('&')}`;
    expect((await send('/subscribe', FORM, form)).status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('still lets a reader go, whatever a mail program puts there', async () => {
    const { web, links } = target;
    for (const [type, body] of [
      [null, ''],
      ['text/plain', 'List-Unsubscribe=One-Click'],
      ['multipart/form-data', 'List-Unsubscribe=One-Click'],
      ['multipart/form-data; boundary=b', multipart('b', ['name="List-Unsubscribe"', 'One-Click'])],
      [FORM, '\xff\xfe'],
      ['application/json', '{'.repeat(1000)],
    ] as const) {
      expect((await send(links.unsubscribe, type, body)).status).toBe(200);
      expect((await web.store.subscribers.byId(web.subscriber))?.state).toBe('unsubscribed');
      await web.store.subscribers.comeBack(web.subscriber, web.now.value, web.now.value);
    }
  });
});

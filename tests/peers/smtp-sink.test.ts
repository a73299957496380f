/** The transport against Postfix's own sink, counted on its side. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/domain/address.ts';
import type { Message } from '../../src/domain/message.ts';
import type { Connection } from '../../src/domain/transport.ts';
import { compileMessage } from '../../src/mail/compile-message.ts';
import { personalise } from '../../src/mail/personalise.ts';
import { createSmtpTransport } from '../../src/mail/smtp-transport.ts';
import { DIGEST, HEAD, PERSONAL } from '../mail/sample-message.ts';

const MESSAGES = 60;
const CONNECTIONS = 3;

let folder = '';
let port = 0;
let sink: ChildProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-sink-'));
  await chmod(folder, 0o777);
  port = await findFreePort();
  const asRoot = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const template = join(folder, 'mail-%H%M%S.');
  sink = spawn('/usr/sbin/smtp-sink', [...asRoot, '-d', template, `127.0.0.1:${port}`, '20'], {
    stdio: 'inherit',
  });
  await new Promise<void>((resolve, reject) => {
    sink.once('spawn', resolve);
    sink.once('error', () => reject(new Error('smtp-sink is missing: install the package postfix')));
  });
});

afterAll(async () => {
  const gone = new Promise((resolve) => sink.once('exit', resolve));
  sink.kill();
  await gone;
  await rm(folder, { recursive: true, force: true });
});

async function findFreePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The sink listens a moment after it has started. */
async function connect(): Promise<Connection> {
  const transport = createSmtpTransport({ url: `smtp://127.0.0.1:${port}`, connections: CONNECTIONS });
  for (;;) {
    const result = await transport.connect();
    if (result.kind === 'connected') return result.connection;
    if (sink.exitCode !== null) throw new Error(`smtp-sink ended with ${sink.exitCode}`);
  }
}

function compose(mime: Uint8Array, number: number): Message {
  const to = parseAddress(`reader-${number}@reader.example`);
  if (to.kind !== 'address') throw new Error(to.reason);
  const messageId = `renga.7.${number}@example.org`;
  return {
    envelope: { from: HEAD.from.address, to: to.address },
    parts: [personalise(mime, { ...PERSONAL, address: to.address, messageId })],
  };
}

describe('smtp-sink', () => {
  it('has every message once, byte for byte', async () => {
    const mime = await compileMessage(HEAD, DIGEST);
    const numbers = Array.from({ length: MESSAGES }, (_, index) => index);
    const waiting = [...numbers];
    let marks = 0;
    const work = async (connection: Connection): Promise<void> => {
      for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
        const outcome = await connection.handOver(compose(mime, number), () => {
          marks += 1;
          return Promise.resolve(true);
        });
        expect(outcome.kind).toBe('accepted');
      }
      await connection.close();
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => work(await connect())));

    expect(marks).toBe(MESSAGES);
    const files = await readdir(folder);
    const mails = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const ids = mails.map((mail) => Number(/renga\.7\.(\d+)@/.exec(mail)?.[1]));
    expect(ids.sort((one, other) => one - other)).toEqual(numbers);
    for (const mail of mails) {
      const number = Number(/renga\.7\.(\d+)@/.exec(mail)?.[1]);
      // The sink puts its own fields on top and ends lines in LF.
      const sent = Buffer.concat(compose(mime, number).parts).toString().replaceAll('\r\n', '\n');
      expect(mail.replaceAll('\r\n', '\n').trimEnd().endsWith(sent.trimEnd())).toBe(true);
    }
  });
});

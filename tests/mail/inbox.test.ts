import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinParts, type Message, sizeOf } from '../../src/domain/message.ts';
import type { Transport } from '../../src/domain/transport.ts';
import { compileMessage } from '../../src/mail/compile-message.ts';
import { createInboxTransport } from '../../src/mail/inbox-transport.ts';
import { openMailKeeper } from '../../src/mail/keep-mail.ts';
import { personalise } from '../../src/mail/personalise.ts';
import { listInbox, readInboxMail } from '../../src/mail/read-inbox.ts';
import { DIGEST, HEAD, PERSONAL, address } from './sample-message.ts';

const go = (): Promise<boolean> => Promise.resolve(true);
let folder = '';
const open: Transport[] = [];

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'renga-inbox-')), 'var', 'inbox');
});
afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close();
  await rm(join(folder, '..', '..'), { recursive: true, force: true });
});

async function openInbox(): Promise<Transport> {
  const transport = await createInboxTransport({ folder, connections: 2 });
  open.push(transport);
  return transport;
}

async function compose(name = 'ann', subject = HEAD.subject): Promise<Message> {
  const mime = await compileMessage({ ...HEAD, subject }, DIGEST);
  const to = address(`${name}@reader.example`);
  return {
    envelope: { from: HEAD.from.address, to },
    parts: [personalise(mime, { ...PERSONAL, address: to, name })],
  };
}

async function handOver(transport: Transport, ...messages: Message[]): Promise<string[]> {
  const result = await transport.connect();
  if (result.kind !== 'connected') throw new Error(result.reply);
  const replies: string[] = [];
  for (const message of messages) {
    const outcome = await result.connection.handOver(message, go);
    replies.push(`${outcome.kind}: ${outcome.reply}`);
  }
  await result.connection.close();
  return replies;
}

describe('createInboxTransport', () => {
  it('keeps each message byte for byte, with its envelope beside it', async () => {
    const message = await compose();
    expect(await handOver(await openInbox(), message)).toEqual(['accepted: 250 OK: kept in the inbox']);
    expect((await readdir(folder)).sort()).toEqual(['00000001.eml', '00000001.json']);
    expect(Buffer.compare(await readFile(join(folder, '00000001.eml')), joinParts(message.parts))).toBe(0);
    expect(JSON.parse(await readFile(join(folder, '00000001.json'), 'utf8'))).toEqual({
      from: 'digest@example.org',
      to: ['ann@reader.example'],
    });
  });

  it('numbers on from what is there, over several connections and programs', async () => {
    const [one, other] = [await openInbox(), await openInbox()];
    const message = await compose();
    await Promise.all([
      handOver(one, message, message),
      handOver(other, message, message),
      handOver(one, message),
    ]);
    await one.close();
    await handOver(await openInbox(), message);
    const mails = (await readdir(folder)).filter((file) => file.endsWith('.eml')).sort();
    expect(mails).toEqual([1, 2, 3, 4, 5, 6].map((number) => `0000000${number}.eml`));
  });

  it('takes an address beyond ASCII', async () => {
    expect(await handOver(await openInbox(), await compose('käthe'))).toEqual([
      'accepted: 250 OK: kept in the inbox',
    ]);
    expect((await listInbox(folder))[0]?.to).toContain('käthe@reader.example');
  });

  it('refuses a message over 30 MB, and stays of use', async () => {
    const small = await compose();
    const large = { ...small, parts: [Buffer.alloc(31 * 1024 * 1024, 'x\r\n')] };
    expect(await handOver(await openInbox(), large, small)).toEqual([
      expect.stringContaining('rejected: '),
      'accepted: 250 OK: kept in the inbox',
    ]);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('keeps nothing of a message whose end never came', async () => {
    const transport = await openInbox();
    const result = await transport.connect();
    if (result.kind !== 'connected') throw new Error(result.reply);
    const outcome = await result.connection.handOver(await compose(), () => Promise.resolve(false));
    expect(outcome.kind).toBe('deferred');
    await transport.close();
    expect(await listInbox(folder)).toEqual([]);
  });

  it('asks to try again when it cannot write, and accepts once it can', async () => {
    const transport = await openInbox();
    const message = await compose();
    await rm(folder, { recursive: true });
    expect(await handOver(transport, message)).toEqual([expect.stringMatching(/^deferred: 452 /)]);
    await mkdir(join(folder, '.00000001.part'), { recursive: true });
    expect(await handOver(transport, message, message)).toEqual([
      expect.stringMatching(/^deferred: 452 /),
      'accepted: 250 OK: kept in the inbox',
    ]);
    expect((await readdir(folder)).filter((file) => !file.startsWith('.'))).toHaveLength(2);
  });

  it('closes twice, and then takes no connection', async () => {
    const transport = await openInbox();
    await transport.close();
    await transport.close();
    expect(await transport.connect()).toMatchObject({ kind: 'unreachable' });
  });

  it('says so where the folder cannot be made', async () => {
    await mkdir(join(folder, '..'), { recursive: true });
    await writeFile(folder, 'a file');
    await expect(openInbox()).rejects.toThrow(/inbox folder/);
  });
});

describe('openMailKeeper', () => {
  it('leaves nothing of a stream that breaks off', async () => {
    await mkdir(folder, { recursive: true });
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('Subject: half');
        throw new Error('cut');
      })(),
    );
    const keeping = openMailKeeper(folder).keep({ from: '', to: [] }, broken, () => false);
    await expect(keeping).rejects.toThrow('cut');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('openMailKeeper, of a message it does not keep', () => {
  it('leaves nothing where the client went before it was looked at, or where it was refused', async () => {
    await mkdir(folder, { recursive: true });
    const keeper = openMailKeeper(folder);
    const gone = new PassThrough();
    gone.write('Subject: half');
    gone.destroy();
    await expect(keeper.keep({ from: '', to: [] }, gone, () => false)).rejects.toThrow(/close/i);
    expect(await keeper.keep({ from: '', to: [] }, Readable.from([Buffer.from('x')]), () => true)).toBe(
      'refused',
    );
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('reading the inbox', () => {
  it('lists the newest first', async () => {
    const transport = await openInbox();
    await handOver(transport, await compose('ann', 'the first — 一'), await compose('bo', 'the second'));
    const list = await listInbox(folder);
    expect(list.map(({ id, subject }) => [id, subject])).toEqual([
      ['00000002', 'the second'],
      ['00000001', 'the first — 一'],
    ]);
    expect(list[0]).toMatchObject({
      from: '"Käthe at the Terminal" <digest@example.org>',
      to: '"bo" <bo@reader.example>',
      size: sizeOf(await compose('bo', 'the second')),
    });
    expect(list[0]?.date?.toString()).toBe('2026-11-16T09:00:00Z');
    expect(await listInbox(folder, 1)).toHaveLength(1);
  });

  it('reads a message: headers, both parts, source', async () => {
    const message = await compose();
    await handOver(await openInbox(), message);
    const mail = await readInboxMail(folder, '00000001');
    expect(mail?.html).toContain('the secret rotated — 詩 🍵');
    expect(mail?.text).toContain('    we patched it and moved along\n');
    expect(mail?.source).toBe(Buffer.concat(message.parts).toString());
    expect(mail?.headers).toContainEqual(['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click']);
    expect(mail?.headers[0]?.[0]).toBe('From');
    expect(mail?.headers.find(([name]) => name === 'List-Unsubscribe')?.[1]).toMatch(
      /^<https:[^>]+>, <mailto:[^>]+>$/,
    );
  });

  it('reads nothing outside the folder, whatever it is asked for', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '..', 'secret.eml'), 'Subject: secret\r\n\r\n');
    await symlink(join(folder, '..', 'secret.eml'), join(folder, 'link.eml'));
    for (const id of [
      '../secret',
      '..%2Fsecret',
      '/etc/passwd',
      '..',
      '.',
      '',
      'a/b',
      'a\\..\\secret',
      'x\0',
      'link',
      'x'.repeat(5_000),
    ]) {
      expect(await readInboxMail(folder, id)).toBeNull();
    }
    expect(await listInbox(folder)).toEqual([]);
  });

  it('puts up with whatever else lies there', async () => {
    await mkdir(join(folder, 'folder.eml'), { recursive: true });
    await writeFile(join(folder, 'notes.txt'), 'not mail');
    await writeFile(join(folder, 'empty.eml'), '');
    await writeFile(
      join(folder, 'noise.eml'),
      Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256)),
    );
    await writeFile(join(folder, 'undated.eml'), 'Subject: when?\r\nDate: yesterday\r\n\r\nx');
    await writeFile(join(folder, 'unix.eml'), 'Subject: unix\nTo: a@b.example\n\nbody\n');
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe.eml')]);
    const list = await listInbox(folder);
    expect(list.map(({ id }) => id)).toEqual(['unix', 'undated', 'noise', 'empty']);
    expect(list[0]).toMatchObject({ subject: 'unix', to: 'a@b.example' });
    expect(list[1]).toMatchObject({ subject: 'when?', date: null });
    for (const { id } of list) expect(await readInboxMail(folder, id)).not.toBeNull();
    expect(await readInboxMail(folder, 'pipe')).toBeNull();
    expect(await readInboxMail(folder, 'folder')).toBeNull();
  });

  it('is empty where there is no folder', async () => {
    expect(await listInbox(folder)).toEqual([]);
    expect(await readInboxMail(folder, '00000001')).toBeNull();
  });
});

describe('a client that vanishes', () => {
  it('leaves no half message in the inbox', async () => {
    const transport = await openInbox();
    const result = await transport.connect();
    if (result.kind !== 'connected') throw new Error(result.reply);
    const handing = result.connection.handOver(await compose(), async () => {
      await result.connection.close();
      return true;
    });
    expect((await handing).kind).toBe('deferred');
    await transport.close();
    expect((await readdir(folder)).filter((file) => file.endsWith('.eml'))).toEqual([]);
  });
});

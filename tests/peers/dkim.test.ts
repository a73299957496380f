/** DKIM signatures against three verifiers that share no code: OpenDKIM (C), dkimpy (Python), Mail::DKIM (Perl). */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domainOf } from '../../src/domain/address.ts';
import { composeKeyRecord } from '../../src/mail/dkim/key-record.ts';
import { keysFor } from '../mail/dkim/sample-keys.ts';
import { SAMPLES, signSample } from '../mail/dkim/torture.ts';

let folder = '';
let records = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-dkim-'));
  records = join(folder, 'records');
  const domains = new Set(Object.values(SAMPLES).map(({ head }) => domainOf(head.from.address)));
  const lines = [...domains].flatMap(keysFor).map((key) => {
    const { name, value } = composeKeyRecord(key);
    return `${name} ${value}\n`;
  });
  await writeFile(records, lines.join(''));
  await writeFile(
    join(folder, 'opendkim.conf'),
    `Mode v\nTestDNSData file:${records}\nSyslog no\nTemporaryDirectory ${folder}\n`,
  );
});

afterAll(async () => await rm(folder, { recursive: true, force: true }));

const program = (name: string): string => fileURLToPath(new URL(`dkim/${name}`, import.meta.url));

type Verifier = {
  readonly name: string;
  readonly debian: string;
  /** Command and arguments; it reads the message from stdin. */
  readonly command: () => readonly [string, ...string[]];
  /** `ALGORITHM RESULT` for each signature. */
  readonly read: (output: string) => readonly string[];
  readonly passes: readonly string[];
};

const readLines = (output: string): readonly string[] => output.trim().split('\n');

const BOTH = ['rsa-sha256 pass', 'ed25519-sha256 pass'];

const VERIFIERS: readonly Verifier[] = [
  {
    name: 'OpenDKIM',
    debian: 'opendkim',
    command: () => ['/usr/sbin/opendkim', '-x', join(folder, 'opendkim.conf'), '-vvv', '-t', '-'],
    read: (output) =>
      [...output.matchAll(/dkim=(\w+)[^;']*header\.a=(\S+)/g)].map(
        ([, result, algorithm]) => `${algorithm} ${result}`,
      ),
    passes: BOTH,
  },
  {
    name: 'dkimpy',
    debian: 'python3-dkim',
    // Debian's own: another Python, first on the path, does not see its packages.
    command: () => ['/usr/bin/python3', program('verify-dkimpy.py'), records],
    read: readLines,
    passes: BOTH,
  },
  {
    name: 'Mail::DKIM',
    debian: 'libmail-dkim-perl',
    command: () => ['/usr/bin/perl', program('verify-mail-dkim.pl'), records],
    read: readLines,
    // Debian 12's knows no Ed25519: what it cannot read must not spoil what it can.
    passes: ['rsa-sha256 pass', expect.stringMatching(/^ed25519-sha256 (?:pass|invalid)$/)],
  },
];

async function verify(
  { name, debian, command, read }: Verifier,
  message: Buffer,
): Promise<readonly string[]> {
  const [file, ...rest] = command();
  const child = spawn(file, rest);
  const missing = new Promise<never>((_, reject) => {
    child.once('error', () => reject(new Error(`${name} is missing: install the package ${debian}`)));
  });
  child.stdin.on('error', () => undefined).end(message);
  const [output, said] = await Promise.race([Promise.all([text(child.stdout), text(child.stderr)]), missing]);
  const results = read(output);
  if (results.join('') === '') throw new Error(`${name} (package ${debian}) judged nothing: ${said}`);
  return results;
}

describe.each(VERIFIERS)('$name', (verifier) => {
  it.each(Object.entries(SAMPLES))('passes a message %s', async (_, sample) => {
    const message = await signSample(sample, keysFor(domainOf(sample.head.from.address)));
    expect(await verify(verifier, message)).toEqual(verifier.passes);
  });

  it('passes a message whose fields were folded anew and whose lines were trimmed on the way', async () => {
    const message = await signed('with a long List-Id');
    const refolded = change(
      change(message, /^List-Id: /m, 'List-Id:\r\n\t  '),
      /\r\nSubject: /,
      '\r\nSUBJECT:  ',
    );
    expect(await verify(verifier, change(refolded, /\r\n$/, ' \t\r\n\r\n'))).toEqual(verifier.passes);
  });

  it.each([
    ['body', /moved along/, 'moved on'],
    ['subject', /^Subject: /m, 'Subject: Re '],
    ['address', /^To: .*<ann@/m, 'To: <bo@'],
    ['way out of the list', /^List-Unsubscribe: <https/m, 'List-Unsubscribe: <http'],
  ])('refuses a changed %s', async (_, from, to) => {
    const results = await verify(verifier, change(await signed('as most are'), from, to));
    expect(results).toEqual(['rsa-sha256 fail', expect.stringMatching(/^ed25519-sha256 (?:fail|invalid)$/)]);
  });
});

async function signed(name: string): Promise<Buffer> {
  const sample = SAMPLES[name];
  if (!sample) throw new Error(`No sample ${name}`);
  return await signSample(sample, keysFor(domainOf(sample.head.from.address)));
}

function change(message: Buffer, from: RegExp, to: string): Buffer {
  const changed = Buffer.from(message.toString('latin1').replace(from, to), 'latin1');
  expect(changed.equals(message)).toBe(false);
  return changed;
}

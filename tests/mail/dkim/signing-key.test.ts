import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/domain/operator-error.ts';
import { type KeySource, readSigningKey, type SigningKey } from '../../../src/mail/dkim/signing-key.ts';
import { address } from '../sample-message.ts';
import { ED25519, RSA, toPem } from './sample-keys.ts';

const SOURCE: KeySource = {
  pem: toPem(RSA),
  selector: 'renga-2026-11',
  domain: 'example.org',
  from: address('digest@example.org'),
  algorithm: 'rsa-sha256',
  name: 'config/dkim/a.pem',
};

const rsa = (modulusLength: number): string =>
  toPem({ key: generateKeyPairSync('rsa', { modulusLength }).privateKey });

function refusal(changes: Partial<KeySource>): OperatorError {
  try {
    readSigningKey({ ...SOURCE, ...changes });
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error('The key was taken');
}

describe('a signing key', () => {
  it('is read with its names in small letters', () => {
    const key = readSigningKey({ ...SOURCE, selector: 'S1.Example', domain: 'Example.ORG' });
    expect(key).toMatchObject({ selector: 's1.example', domain: 'example.org', algorithm: 'rsa-sha256' });
    expect(key.key.equals(RSA.key)).toBe(true);
  });

  it('may be PKCS #1, Ed25519, and of a domain above that of From', () => {
    const pem = RSA.key.export({ format: 'pem', type: 'pkcs1' });
    const from = address('digest@news.example.org');
    expect(readSigningKey({ ...SOURCE, pem, from }).key.equals(RSA.key)).toBe(true);
    const second = readSigningKey({ ...SOURCE, pem: toPem(ED25519), algorithm: 'ed25519-sha256' });
    expect(second.key.equals(ED25519.key)).toBe(true);
  });

  it('can be posted to a thread', () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(readSigningKey(SOURCE));
    const posted = receiveMessageOnPort(port2)?.message as SigningKey;
    port1.close();
    expect(posted.selector).toBe('renga-2026-11');
    expect(posted.key.equals(RSA.key)).toBe(true);
  });
});

describe('a key that cannot be used is refused:', () => {
  const encrypted = { cipher: 'aes-256-cbc', passphrase: 'tell nobody' };
  it.each<[string, Partial<KeySource>, RegExp]>([
    ['no key', { pem: 'hello' }, /is not a key[^]*renga dkim new/],
    ['an empty file', { pem: '' }, /is not a key/],
    ['half a key', { pem: SOURCE.pem.slice(0, 800) }, /is not a key/],
    ['a damaged key', { pem: damagedPem() }, /is damaged/],
    ['a public key', { pem: publicPem('spki') }, /is a public key[^]*belongs into DNS/],
    ['a public key of PKCS #1', { pem: publicPem('pkcs1') }, /is a public key/],
    [
      'an encrypted key',
      { pem: RSA.key.export({ format: 'pem', type: 'pkcs8', ...encrypted }) },
      /is encrypted[^]*passphrase off/,
    ],
    [
      'an encrypted key of PKCS #1',
      { pem: RSA.key.export({ format: 'pem', type: 'pkcs1', ...encrypted }) },
      /is encrypted/,
    ],
    ['a short RSA key', { pem: rsa(1023) }, /has 1023 bits[^]*Use 2048/],
    ['an RSA key that receivers need not read', { pem: longPem() }, /has 4103 bits/],
    ['an Ed25519 key in place of RSA', { pem: toPem(ED25519) }, /is of type ed25519[^]*under dkim\.ed25519/],
    ['an RSA key in place of Ed25519', { algorithm: 'ed25519-sha256' }, /is of type rsa[^]*new --ed25519/],
    [
      'an RSA-PSS key',
      { pem: toPem({ key: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey }) },
      /is of type rsa-pss/,
    ],
    [
      'an EC key',
      { pem: toPem({ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }) },
      /is of type ec;/,
    ],
    ['a stranger’s domain', { domain: 'example.net' }, /dkim\.domain is example\.net/],
    ['a domain that ends alike', { domain: 'ample.org' }, /dkim\.domain is/],
    ['a domain below', { domain: 'mail.example.org' }, /dkim\.domain is/],
    ['a top-level domain', { domain: 'org' }, /dkim\.domain is/],
    ['a selector with a space', { selector: 'a b' }, /selector "a b"/],
    ['a selector with a tag of its own', { selector: 'a; l=0' }, /selector/],
    ['a selector with an empty label', { selector: 'a..b' }, /selector/],
    ['a selector with a hyphen at its end', { selector: 'a-' }, /selector/],
    ['a selector that is too long', { selector: 'a'.repeat(64) }, /selector/],
    ['no selector', { selector: '' }, /selector/],
  ])('%s', (_, changes, message) => {
    const error = refusal(changes);
    expect(`${error.message} ${error.hint}`).toMatch(message);
    expect(`${error.message} ${error.hint}`).not.toMatch(/MII|tell nobody/);
  });
});

function publicPem(type: 'spki' | 'pkcs1'): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return publicKey.export({ format: 'pem', type });
}

/** Its numbers were changed, and it still parses. */
function damagedPem(): string {
  const { d = '', dp = '', dq = '', ...rest } = RSA.key.export({ format: 'jwk' });
  const turn = (number: string): string => number.split('').toReversed().join('');
  const jwk = { ...rest, d: turn(d), dp: turn(dp), dq: turn(dq) };
  return toPem({ key: createPrivateKey({ format: 'jwk', key: jwk }) });
}

/** Numbers of the right length in PKCS #1 (RFC 8017 §A.1.2), which are no key: to make a true one of this length takes seconds. */
function longPem(): string {
  const field = (type: number, content: Buffer): Buffer => {
    const length = Buffer.from([content.length >> 8, content.length & 0xff]);
    return Buffer.concat([Buffer.from([type, 0x82]), length, content]);
  };
  const integer = (octets: number): Buffer => field(2, Buffer.alloc(octets, 0x55));
  const version = field(2, Buffer.from([0]));
  const lengths = [513, 3, 513, 257, 257, 257, 257, 257];
  const der = field(0x30, Buffer.concat([version, ...lengths.map(integer)]));
  return `-----BEGIN RSA PRIVATE KEY-----\n${der.toString('base64')}\n-----END RSA PRIVATE KEY-----\n`;
}

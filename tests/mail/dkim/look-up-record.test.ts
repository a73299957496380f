import { describe, expect, it } from 'vitest';
import { composeKeyRecord } from '../../../src/mail/dkim/key-record.ts';
import { lookUpRecord, type RecordFinding } from '../../../src/mail/dkim/look-up-record.ts';
import { ED25519, RSA } from './sample-keys.ts';

const { name, value, strings } = composeKeyRecord(RSA);

async function find(records: readonly (readonly string[])[], key = RSA): Promise<RecordFinding> {
  return await lookUpRecord(key, async () => await Promise.resolve(records));
}

async function findAfter(code: string): Promise<RecordFinding> {
  const error = Object.assign(new Error(code), { code });
  return await lookUpRecord(RSA, async () => await Promise.reject(error));
}

describe('the record of a key', () => {
  it('fits DNS: strings of at most 255, under the selector', () => {
    expect(name).toBe('renga-2026-11._domainkey.example.org');
    expect(strings.map(({ length }) => length <= 255)).toEqual([true, true]);
    expect(strings.join('')).toBe(value);
    expect(value).toMatch(/^v=DKIM1; k=rsa; p=MII[A-Za-z0-9+/]+=*$/);
  });

  it('has the bare 32 octets of an Ed25519 key', () => {
    const p = /^v=DKIM1; k=ed25519; p=(.{44})$/.exec(composeKeyRecord(ED25519).value)?.[1] ?? '';
    expect(Buffer.from(p, 'base64').toString('base64url')).toBe(ED25519.key.export({ format: 'jwk' }).x);
  });
});

describe('what DNS says', () => {
  it('is looked up under the name', async () => {
    const asked: string[] = [];
    await lookUpRecord(RSA, async (name) => {
      asked.push(name);
      return await Promise.resolve([]);
    });
    expect(asked).toEqual([name]);
  });

  it.each([
    ['as it was printed', [strings]],
    [
      'in one string, with other spaces and tags',
      [[` v = DKIM1 ;t=s; s=email; h=sha1:sha256;${value.slice(9)};`]],
    ],
    ['without what has a default', [[value.replace('v=DKIM1; k=rsa; ', '')]]],
    ['with the key in pieces', [[value.replace(/(p=.{60})/, '$1  ')]]],
  ])('is right %s', async (_, records) => {
    expect(await find(records)).toEqual({ kind: 'published' });
  });

  it('is right for Ed25519', async () => {
    expect(await find([composeKeyRecord(ED25519).strings], ED25519)).toEqual({ kind: 'published' });
  });

  it.each([
    ['another key', [[value.replace(/p=.{9}/, 'p=MIIBIjANB0')]], /another key/],
    ['half the key', [[strings[0] ?? '']], /another key, or was cut/],
    ['a key that was revoked', [['v=DKIM1; p=']], /revoked/],
    ['no key', [['v=DKIM1']], /no p=/],
    ['another type', [[value.replace('k=rsa', 'k=ed25519')]], /another type/],
    ['another version', [[value.replace('DKIM1', 'DKIM2')]], /v=DKIM1/],
    ['another hash', [[`${value}; h=sha1`]], /sha256/],
    ['another service', [[`${value}; s=tlsrpt`]], /e-mail/],
    ['two records', [strings, strings], /2 records/],
  ])('is useless with %s', async (_, records, reason) => {
    const finding = await find(records);
    expect(finding.kind).toBe('useless');
    expect('reason' in finding ? finding.reason : '').toMatch(reason);
  });

  it('is missing, or not to be had', async () => {
    expect(await find([])).toEqual({ kind: 'missing' });
    expect(await findAfter('ENOTFOUND')).toEqual({ kind: 'missing' });
    expect(await findAfter('ENODATA')).toEqual({ kind: 'missing' });
    expect(await findAfter('ETIMEOUT')).toEqual({ kind: 'unknown', reason: 'ETIMEOUT' });
    expect(await findAfter('ECONNREFUSED')).toEqual({ kind: 'unknown', reason: 'ECONNREFUSED' });
  });
});

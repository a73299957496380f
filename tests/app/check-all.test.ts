import { afterAll, describe, expect, it } from 'vitest';
import { checkAll } from '../../src/app/check-all.ts';
import { composeKeyRecord } from '../../src/mail/dkim/key-record.ts';
import type { ResolveTxt } from '../../src/mail/dkim/look-up-record.ts';
import { ED25519, RSA } from '../mail/dkim/sample-keys.ts';
import { openExamplePublication, openExampleWorkshop } from './example-publication.ts';

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

async function checkKeys(resolveTxt: ResolveTxt): Promise<readonly string[]> {
  const { renga } = await openExamplePublication(workshop, { signingKeys: [RSA, ED25519], resolveTxt });
  const results = await checkAll(renga);
  const found = results.filter(({ subject }) => subject.startsWith('DKIM key'));
  // DNS may lag or be away: nothing it says is a reason not to send.
  expect(found.every(({ isRight }) => isRight)).toBe(true);
  return found.map(({ subject, detail }) => `${subject}: ${detail}`);
}

describe('checkAll', () => {
  it('names each signing key, and finds its record', async () => {
    const records = new Map(
      [RSA, ED25519].map(composeKeyRecord).map(({ name, strings }) => [name, [strings]]),
    );
    expect(await checkKeys(async (name) => await Promise.resolve(records.get(name) ?? []))).toEqual([
      'DKIM key renga-2026-11: RSA of 2048 bits, signs for example.org; its record is in DNS (renga-2026-11._domainkey.example.org)',
      'DKIM key renga-2026-11-ed25519: Ed25519, signs for example.org; its record is in DNS (renga-2026-11-ed25519._domainkey.example.org)',
    ]);
  });

  it('warns of a record that is missing or useless', async () => {
    const [rsa, second] = await checkKeys(
      async (name) => await Promise.resolve(name.includes('ed25519') ? [['v=DKIM1; p=']] : []),
    );
    expect(rsa).toMatch(/warning: its record is not in DNS[^]*renga dkim show/);
    expect(second).toMatch(/warning: its record in DNS is useless: its p= is empty/);
  });

  it('says that there was no network', async () => {
    const error = Object.assign(new Error('no network'), { code: 'ECONNREFUSED' });
    const [rsa] = await checkKeys(async () => await Promise.reject(error));
    expect(rsa).toMatch(/DNS could not be asked for its record: ECONNREFUSED/);
    expect(rsa).not.toContain('warning');
  });

  it('says nothing of keys where there are none', async () => {
    const { renga } = await openExamplePublication(workshop);
    expect((await checkAll(renga)).map(({ subject }) => subject).join()).not.toContain('DKIM');
  });
});

/** The signatures against a verifier that is not ours. */
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { describe, expect, it } from 'vitest';
import { domainOf } from '../../../src/domain/address.ts';
import { composeKeyRecord } from '../../../src/mail/dkim/key-record.ts';
import type { SigningKey } from '../../../src/mail/dkim/signing-key.ts';
import { keysFor } from './sample-keys.ts';
import { SAMPLES, signSample } from './torture.ts';

async function verify(message: Buffer, keys: readonly SigningKey[]): Promise<readonly string[]> {
  const records = new Map(keys.map(composeKeyRecord).map(({ name, strings }) => [name, [[...strings]]]));
  const resolver = async (name: string): Promise<string[][]> =>
    await Promise.resolve(records.get(name) ?? []);
  const { results } = await dkimVerify(message, { resolver });
  return results.map(({ status }) => status.result);
}

describe.each(Object.entries(SAMPLES))('mailauth, given a message %s,', async (_, sample) => {
  const keys = keysFor(domainOf(sample.head.from.address));
  const message = await signSample(sample, keys);

  it('passes both signatures', async () => {
    expect(await verify(message, keys)).toEqual(['pass', 'pass']);
  });

  it.each([
    ['subject', /^Subject: /m, 'Subject: Re '],
    ['body', /haiku|moved along/, 'moved on'],
    ['way out of the list', /^List-Unsubscribe-Post: List/m, 'List-Unsubscribe-Post: list'],
  ])('refuses a changed %s', async (_part, from, to) => {
    const changed = Buffer.from(message.toString('latin1').replace(from, to), 'latin1');
    expect(changed.equals(message)).toBe(false);
    const results = await verify(changed, keys);
    expect(results).toHaveLength(2);
    expect(results).not.toContain('pass');
  });
});

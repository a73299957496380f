/** Keys that are made anew for each run, and what DNS says of them. */
import { generateKeyPairSync } from 'node:crypto';
import type { SigningKey } from '../../../src/mail/dkim/signing-key.ts';

export const RSA: SigningKey = {
  domain: 'example.org',
  selector: 'renga-2026-11',
  algorithm: 'rsa-sha256',
  key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};

export const ED25519: SigningKey = {
  domain: 'example.org',
  selector: 'renga-2026-11-ed25519',
  algorithm: 'ed25519-sha256',
  key: generateKeyPairSync('ed25519').privateKey,
};

export function keysFor(domain: string): readonly SigningKey[] {
  return [
    { ...RSA, domain },
    { ...ED25519, domain },
  ];
}

export function toPem({ key }: Pick<SigningKey, 'key'>): string {
  return key.export({ format: 'pem', type: 'pkcs8' });
}

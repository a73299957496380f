/** Copies sealed in threads: whole, the same at each attempt, and never another copy in place of the first. */
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Seal } from '../../src/domain/message.ts';
import { compileMessage } from '../../src/mail/compile-message.ts';
import type { SigningKey } from '../../src/mail/dkim/signing-key.ts';
import { openSealer, type SealedCopy, type Sealer } from '../../src/mail/open-sealer.ts';
import { personalise, renderSlots } from '../../src/mail/personalise.ts';
import { DIGEST, HEAD, PERSONAL } from './sample-message.ts';

const mime = await compileMessage(HEAD, DIGEST);
const CONTENT = { name: '1 all', mime };
const SLOTS = renderSlots(PERSONAL);

function makeKey(selector: string): SigningKey {
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return { domain: 'example.org', selector, algorithm: 'rsa-sha256', key };
}

const KEY = makeKey('first');

let open: Sealer[] = [];
afterEach(async () => {
  await Promise.all(open.map((sealer) => sealer.close()));
  open = [];
});

function openWith(...keys: readonly SigningKey[]): Sealer {
  const sealer = openSealer({ keys, threads: 2 });
  open.push(sealer);
  return sealer;
}

function sealed(copy: SealedCopy): { readonly text: string; readonly seal: Seal | null } {
  if (copy.kind !== 'sealed') throw new Error(copy.kind);
  return { text: Buffer.concat(copy.parts).toString('latin1'), seal: copy.seal };
}

describe('openSealer', () => {
  it('seals without keys what personalise makes', async () => {
    const { text, seal } = sealed(await openWith().seal(CONTENT, SLOTS, 'first'));
    expect(seal).toBeNull();
    expect(text).toBe(Buffer.from(personalise(mime, PERSONAL)).toString('latin1'));
  });

  it('puts the signature before the first byte, and gives back what it was made over', async () => {
    const { text, seal } = sealed(await openWith(KEY).seal(CONTENT, SLOTS, 'first'));
    expect(seal?.fields).toMatch(/^DKIM-Signature: [^]*s=first;[^]*\r\n$/);
    expect(text).toBe(seal?.fields + Buffer.from(personalise(mime, PERSONAL)).toString('latin1'));
    expect(seal?.fields.replace(/\s/g, '')).toContain(`bh=${seal?.bodyHash};`);
  });

  it('makes many at once, each for its own subscriber', async () => {
    const sealer = openWith(KEY);
    const tokens = Array.from({ length: 40 }, (_, index) => `token-${index}`);
    const copies = await Promise.all(
      tokens.map(async (token) =>
        sealed(await sealer.seal(CONTENT, renderSlots({ ...PERSONAL, token }), 'first')),
      ),
    );
    for (const [index, { text }] of copies.entries()) expect(text).toContain(`token-${index}>`);
    expect(new Set(copies.map(({ seal }) => seal?.bodyHash)).size).toBe(40);
  });

  it('keeps contents apart', async () => {
    const sealer = openWith(KEY);
    const other = { name: '2 all', mime: await compileMessage({ ...HEAD, subject: 'another' }, DIGEST) };
    await sealer.seal(CONTENT, SLOTS, 'first');
    expect(sealed(await sealer.seal(other, SLOTS, 'first')).text).toContain('Subject: another\r\n');
    expect(sealed(await sealer.seal(CONTENT, SLOTS, 'first')).text).not.toContain('Subject: another\r\n');
  });

  it('makes the same copy again after its key was rotated, or taken away', async () => {
    const first = sealed(await openWith(KEY).seal(CONTENT, SLOTS, 'first'));
    for (const sealer of [openWith(makeKey('second')), openWith()]) {
      expect(sealed(await sealer.seal(CONTENT, SLOTS, first.seal))).toEqual(first);
    }
  });

  it('makes an unsigned copy again without a signature, though there is a key by now', async () => {
    const first = sealed(await openWith().seal(CONTENT, SLOTS, 'first'));
    expect(sealed(await openWith(KEY).seal(CONTENT, SLOTS, null))).toEqual(first);
  });

  it.each([
    ['the body', { ...PERSONAL, token: 'another' }],
    ['the header', { ...PERSONAL, name: 'Another' }],
  ])('does not make a copy that differs from the first in %s', async (_what, personal) => {
    const sealer = openWith(KEY);
    const first = sealed(await sealer.seal(CONTENT, SLOTS, 'first'));
    expect(await sealer.seal(CONTENT, renderSlots(personal), first.seal)).toEqual({ kind: 'differs' });
  });

  it('says what went wrong with one copy, and goes on with the others', async () => {
    const sealer = openWith(KEY);
    const broken = { name: 'broken', mime: Buffer.from('Subject: x\r\n\r\nbody') };
    await expect(sealer.seal(broken, SLOTS, 'first')).rejects.toThrow(/no place/);
    expect((await sealer.seal(CONTENT, SLOTS, 'first')).kind).toBe('sealed');
  });

  it('rejects what is being made when it is closed', async () => {
    const sealer = openWith(KEY);
    const making = sealer.seal(CONTENT, SLOTS, 'first');
    await Promise.all([expect(making).rejects.toThrow(/ended/), sealer.close()]);
  });
});

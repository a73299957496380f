/** Tokens for one purpose. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LinkKey } from '../../src/domain/link-token.ts';
import {
  isWithin,
  parsePurposeToken,
  renderPurposeToken,
  type TokenPurpose,
} from '../../src/domain/purpose-token.ts';

const PURPOSES: readonly TokenPurpose[] = ['confirm', 'undo', 'move', 'form'];
const key = fc.record({
  id: fc.integer({ min: 0, max: 255 }),
  secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});
const claim = fc.record({
  subject: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  at: fc
    .integer({ min: 0, max: 2 ** 40 - 1 })
    .map((seconds) => Temporal.Instant.fromEpochMilliseconds(seconds * 1000)),
});

it('says to its own purpose what it was made from, whichever keys are newer', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PURPOSES), claim, key, fc.array(key), (purpose, made, signer, others) => {
      const token = renderPurposeToken(purpose, made, signer);
      const keys: LinkKey[] = [...others.filter(({ id }) => id !== signer.id), signer];
      const read = parsePurposeToken(purpose, token, keys);
      expect(read?.subject).toBe(made.subject);
      expect(read?.at.toString()).toBe(made.at.toString());
      expect(token).toMatch(/^[A-Za-z0-9_-]{40}$/);
      const strangers = PURPOSES.filter((other) => other !== purpose);
      for (const other of strangers) expect(parsePurposeToken(other, token, keys)).toBeNull();
      expect(parsePurposeToken(purpose, token, keys.slice(0, -1))).toBeNull();
    }),
  );
});

it('is nobody’s once a single character is another', () => {
  const signer = { id: 3, secret: new Uint8Array(32).fill(7) };
  const token = renderPurposeToken(
    'confirm',
    { subject: 5, at: Temporal.Instant.fromEpochMilliseconds(0) },
    signer,
  );
  fc.assert(
    fc.property(
      fc.nat({ max: 39 }),
      fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '_', '-'),
      (index, character) => {
        fc.pre(token[index] !== character);
        const changed = token.slice(0, index) + character + token.slice(index + 1);
        expect(parsePurposeToken('confirm', changed, [signer])).toBeNull();
      },
    ),
  );
  for (const other of ['', `${token}=`, ` ${token}`, token.slice(1), `${token}A`]) {
    expect(parsePurposeToken('confirm', other, [signer])).toBeNull();
  }
});

it('is good for its time, and not before it', () => {
  const at = Temporal.Instant.from('2026-11-20T09:00:00Z');
  expect(isWithin(at, { hours: 1 }, at)).toBe(true);
  expect(isWithin(at, { hours: 1 }, at.add({ hours: 1 }))).toBe(true);
  expect(isWithin(at, { hours: 1 }, at.add({ hours: 1, milliseconds: 1 }))).toBe(false);
  expect(isWithin(at, { hours: 1 }, at.subtract({ milliseconds: 1 }))).toBe(false);
});

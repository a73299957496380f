/** A fingerprint says all that a document is made from, in one spelling. */
import { createHash } from 'node:crypto';
import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/app/feeds/fingerprint-document.ts';
import type { PreparedEntry } from '../../../src/app/entries/prepare-entries.ts';

const ENTRIES = ['a', 'b', 'c', 'd'].map((fingerprint) => ({ fingerprint }) as PreparedEntry);

it('is that of the frame and of each entry in its place', () => {
  const list = array(constantFrom(...ENTRIES), { maxLength: 3 });
  assert(
    property(array(tuple(constantFrom('{"x":1}', '{"x":2}'), list), { maxLength: 40 }), (asked) => {
      for (const [frame, entries] of asked) {
        const text = JSON.stringify([JSON.parse(frame), entries.map(({ fingerprint }) => fingerprint)]);
        expect(fingerprintOf(frame, entries)).toBe(createHash('sha256').update(text).digest('hex'));
      }
    }),
  );
});

/** A fingerprint that is remembered is the one that would be reckoned. */
import { createHash } from 'node:crypto';
import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/app/feeds/fingerprint-document.ts';
import type { PreparedEntry } from '../../../src/app/entries/prepare-entries.ts';

const ENTRIES = ['a', 'b', 'c', 'd'].map((fingerprint) => ({ fingerprint }) as PreparedEntry);

it('is the same whatever was asked before', () => {
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

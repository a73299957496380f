/** Parts of a message: large ones shared, small ones gathered. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatherSmall, rememberLarge } from '../../src/mail/large-parts.ts';

const small = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const large = fc.uint8Array({ minLength: 2048, maxLength: 2100 }).map((bytes) => Buffer.from(bytes));

describe('gatherSmall', () => {
  it('keeps every byte in its place, every large part as it is, and no two small ones beside each other', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(small, large), { maxLength: 12 }), (parts) => {
        const gathered = gatherSmall(parts);
        expect(Buffer.compare(Buffer.concat(gathered), Buffer.concat(parts))).toBe(0);
        const originals: ReadonlySet<Uint8Array> = new Set(parts);
        const isLarge = (part: Uint8Array): boolean => part.length >= 2048 && originals.has(part);
        expect(gathered.filter(isLarge)).toEqual(parts.filter(isLarge));
        expect(
          gathered.some((part, at) => !isLarge(part) && at > 0 && !isLarge(gathered[at - 1] ?? part)),
        ).toBe(false);
      }),
    );
  });
});

describe('rememberLarge', () => {
  it('finds what there is to know of a large part once, of a small one each time', () => {
    let looks = 0;
    const sizeOf = rememberLarge((part) => {
      looks += 1;
      return part.length;
    });
    const [one, other] = [new Uint8Array(5000), new Uint8Array(7)];
    expect([sizeOf(one), sizeOf(one), sizeOf(other), sizeOf(other)]).toEqual([5000, 5000, 7, 7]);
    expect(looks).toBe(3);
  });
});

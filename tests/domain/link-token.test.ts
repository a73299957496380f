/** Nobody can make a token but us, and no other spelling of one is one. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LinkKey, parseLinkToken, renderLinkToken } from '../../src/domain/link-token.ts';

const key = (id: number, fill = id): LinkKey => ({ id, secret: new Uint8Array(32).fill(fill) });
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LARGEST = 2 ** 48 - 1;

describe('a link token', () => {
  it('leads back to its subscriber, and is safe in a URL', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: LARGEST }),
        fc.integer({ min: 0, max: 255 }),
        (subscriber, id) => {
          const token = renderLinkToken(subscriber, key(id));
          expect(token).toMatch(/^[A-Za-z0-9_-]{35}$/);
          expect(parseLinkToken(token, [key((id + 1) % 256), key(id)])).toBe(subscriber);
        },
      ),
    );
  });

  it('stays the same for ever', () => {
    // Mail from years ago holds such tokens: this text must never have to change.
    expect(renderLinkToken(42, key(1))).toBe('AQEAAAAAACo6Fqmf-bN8PvhLRZQ41P9D53k');
  });

  it('is refused when any one of its characters is any other', () => {
    const token = renderLinkToken(123_456_789, key(7));
    const forged: string[] = [];
    for (let index = 0; index < token.length; index += 1) {
      for (const character of ALPHABET) {
        const changed = token.slice(0, index) + character + token.slice(index + 1);
        if (changed !== token && parseLinkToken(changed, [key(7)]) !== null) forged.push(changed);
      }
    }
    expect(forged).toEqual([]);
  });

  it('names one subscriber only', () => {
    const tokens = Array.from({ length: 1000 }, (_, subscriber) => renderLinkToken(subscriber, key(1)));
    expect(new Set(tokens).size).toBe(1000);
  });

  it('works while its key is known, and not with another of the same id', () => {
    const token = renderLinkToken(5, key(1));
    expect(parseLinkToken(token, [key(3), key(2), key(1)])).toBe(5);
    expect(parseLinkToken(token, [key(2)])).toBeNull();
    expect(parseLinkToken(token, [key(1, 99)])).toBeNull();
    expect(parseLinkToken(token, [])).toBeNull();
  });

  it.each([
    ['nothing', () => ''],
    ['one character less', (token: string) => token.slice(0, -1)],
    ['one more', (token: string) => `${token}A`],
    ['padding', (token: string) => `${token.slice(0, -1)}=`],
    ['padding added', (token: string) => `${token}=`],
    ['white space', (token: string) => `${token} `],
    ['a line end', (token: string) => `${token}\n`],
    ['characters of the other base64', (token: string) => `${token.slice(0, -2)}+/`],
    ['letters beyond ASCII', (token: string) => `${token.slice(0, -1)}é`],
    ['zeros', () => 'A'.repeat(35)],
    ['a megabyte', () => 'A'.repeat(1 << 20)],
  ])('with %s is refused', (_what, change) => {
    expect(parseLinkToken(change(renderLinkToken(5, key(1))), [key(1)])).toBeNull();
  });

  it('is never found in noise', () => {
    const noise = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Za-z0-9_-]{35}$/));
    fc.assert(
      fc.property(noise, (text) => {
        expect(parseLinkToken(text, [key(1)])).toBeNull();
      }),
    );
  });
});

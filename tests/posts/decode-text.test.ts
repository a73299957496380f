/** Text in every encoding a post may come in is read alike; what is not text is refused. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeExactly, decodeText, encodeExactly } from '../../src/posts/decode-text.ts';

function decode(bytes: Uint8Array): string {
  const decoded = decodeText(bytes);
  return decoded.kind === 'text' ? decoded.text : `refused: ${decoded.reason}`;
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from('żółw 😀')],
    ['UTF-8 with its mark', Buffer.from('\uFEFFżółw 😀')],
    ['UTF-16, little end first', utf16('\uFEFFżółw 😀')],
    ['UTF-16, big end first', utf16('\uFEFFżółw 😀').swap16()],
  ])('reads %s', (_, bytes) => {
    expect(decode(bytes)).toBe('żółw 😀');
  });

  it('reads every kind of line end', () => {
    expect(decode(Buffer.from('a\r\nb\rc\nd\r\n'))).toBe('a\nb\nc\nd\n');
  });

  it.each([
    ['Latin-1', Buffer.from('café', 'latin1')],
    ['a lone surrogate in UTF-8', Buffer.from([0x61, 0xed, 0xa0, 0x80])],
    ['a lone surrogate in UTF-16', utf16('\uFEFFa\ud800b')],
    ['half a character', Buffer.from('😀').subarray(0, 2)],
    ['an overlong form', Buffer.from([0xc0, 0xaf])],
    ['UTF-16 cut in two', utf16('\uFEFFab').subarray(0, 5)],
  ])('refuses %s', (_, bytes) => {
    expect(decode(bytes)).toBe('refused: it is not valid UTF-8 text: save it as UTF-8');
  });

  it.each([
    ['NUL', Buffer.from('a\0b')],
    ['a picture', Buffer.from([0x00, 0x01, 0x02])],
    ['UTF-16 without its mark', utf16('hello')],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
  ])('refuses %s', (_, bytes) => {
    expect(decode(bytes)).toContain('refused: it holds NUL bytes');
  });

  it('drops what XML forbids, and says where', () => {
    expect(decodeText(Buffer.from('a\nb\u0007c\u001b[1m\uFFFF\ttab\u0085'))).toEqual({
      kind: 'text',
      text: 'a\nbc[1m\ttab\u0085',
      dropped: { count: 3, line: 2 },
    });
  });

  it('gives well-formed text without forbidden characters, or refuses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const decoded = decodeText(bytes);
        if (decoded.kind === 'refused') return;
        expect(decoded.text.isWellFormed()).toBe(true);
        expect(decoded.text).not.toMatch(
          /[\u0000-\u0008\u000B-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/,
        );
      }),
    );
  });
});

describe('encodeExactly', () => {
  it('is the way back, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('utf8', 'mark', 'le', 'be'),
        (text, form) => {
          const bytes =
            form === 'utf8'
              ? Buffer.from(text)
              : form === 'mark'
                ? Buffer.from(`\uFEFF${text}`)
                : utf16(`\uFEFF${text}`);
          if (form === 'be') bytes.swap16();
          const decoded = decodeExactly(bytes);
          expect(decoded && Buffer.from(encodeExactly(decoded)).equals(bytes)).toBe(true);
        },
      ),
    );
  });
});

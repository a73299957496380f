/** Dots at the start of lines, on the wire: RFC 5321 §4.5.2. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stuffDots } from '../../src/mail/stuff-dots.ts';

const stuff = (...parts: readonly string[]): string =>
  Buffer.concat(stuffDots(parts.map((part) => Buffer.from(part)))).toString();

/** What the server does (§4.5.2): a line that begins with a dot loses it. */
const unstuff = (text: string): string =>
  text
    .split('\r\n')
    .map((line) => (line.startsWith('.') ? line.slice(1) : line))
    .join('\r\n');

describe('stuffDots', () => {
  it.each([
    ['', ''],
    ['a\r\n', 'a\r\n'],
    ['.\r\n', '..\r\n'],
    ['a\r\n.\r\n.\r\n', 'a\r\n..\r\n..\r\n'],
    ['a.b\r\n..c\r\n', 'a.b\r\n...c\r\n'],
    ['a\r\n.', 'a\r\n..'],
  ])('%j → %j', (text, wire) => {
    expect(stuff(text)).toBe(wire);
  });

  it('stuffs a message the same however it is cut into parts', () => {
    const piece = fc.string({ unit: fc.constantFrom('.', 'a', '\r\n'), maxLength: 8 });
    const cuts = fc.array(fc.nat(20), { maxLength: 4 });
    fc.assert(
      fc.property(piece, cuts, (text, places) => {
        const sorted = [0, ...places.toSorted((a, b) => a - b), text.length];
        const parts = sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
        expect(stuff(...parts)).toBe(stuff(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('stuffs what copies share once', () => {
    const shared = Buffer.from('a\r\n.b\r\n'.repeat(500));
    const [first] = stuffDots([shared]);
    expect(stuffDots([Buffer.from('x'), shared])[1]).toBe(first);
    expect(stuffDots([Buffer.from('x\r\n'), shared])[1]).toBe(first);
  });

  it('comes out at the server as it went in, and never ends a message early', () => {
    const line = fc.string({ unit: fc.constantFrom('.', 'a', ' ', '='), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.map((each) => `${each}\r\n`).join('');
        const wire = stuff(text);
        expect(unstuff(wire)).toBe(text);
        expect(wire.startsWith('.\r\n') || wire.includes('\r\n.\r\n')).toBe(false);
      }),
    );
  });
});

/** The sender of a compiled message, with and without a name that needs encoding. */
import { describe, expect, it } from 'vitest';
import { readSender } from '../../src/mail/read-sender.ts';

const compiled = (from: string): Uint8Array =>
  Buffer.from(`Subject: a\r\nFrom: ${from}\r\nTo: b\r\n\r\nFrom: x@evil.example\r\n`);

describe('readSender', () => {
  it.each([
    ['writer@example.org'],
    ['Ann Lee <writer@example.org>'],
    ['"Lee, Ann" <writer@example.org>'],
    ['=?UTF-8?Q?A_very_long?=\r\n =?UTF-8?Q?_name?= <writer@example.org>'],
  ])('reads %j', (from) => {
    expect(readSender(compiled(from))).toBe('writer@example.org');
  });

  it('does not look into the body', () => {
    expect(() => readSender(Buffer.from('Subject: a\r\n\r\nFrom: x@evil.example\r\n'))).toThrow(
      'exactly one sender',
    );
  });
});

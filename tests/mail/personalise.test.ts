import * as fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { compileMessage } from '../../src/mail/compile-message.ts';
import { composeMessageId, personalise, prepareMime } from '../../src/mail/personalise.ts';
import { DIGEST, HEAD, PERSONAL, address } from './sample-message.ts';

const mime = await compileMessage(HEAD, DIGEST);

describe('personalise', () => {
  it('differs between two subscribers only in what is personal', () => {
    const one = Buffer.from(personalise(mime, PERSONAL)).toString();
    const other = { ...PERSONAL, address: address('bo@reader.example'), name: '', token: 'B'.repeat(35) };
    const two = Buffer.from(personalise(mime, other)).toString();
    expect(two).toBe(
      one
        .replaceAll(PERSONAL.token, other.token)
        .replace('Ann Lee <ann@reader.example>', 'bo@reader.example'),
    );
  });

  it('gives the same bytes from a copy of the compiled message, and leaves that as it was', () => {
    const before = Buffer.from(mime);
    const once = personalise(mime, PERSONAL);
    expect(Buffer.compare(personalise(Uint8Array.from(before), PERSONAL), once)).toBe(0);
    expect(Buffer.compare(personalise(mime, PERSONAL), once)).toBe(0);
    expect(Buffer.compare(mime, before)).toBe(0);
  });

  it('splits at six places: To, Date, Message-ID, and the token in two URIs of the header and two of the body', () => {
    expect(prepareMime(mime).slots).toEqual(['to', 'date', 'messageId', 'token', 'token', 'token', 'token']);
  });

  it('refuses bytes that were not compiled whole', () => {
    expect(() => prepareMime(Buffer.from('Subject: x\r\n\r\nbody'))).toThrow(/no place for the to/);
  });

  it.each([
    ['Müller, Jörg', 'Müller, Jörg'],
    ['"Bo" <bo@evil.example>', '"Bo" <bo@evil.example>'],
    ['x\r\nBcc: victim@example.com', 'x Bcc: victim@example.com'],
    ['=?utf-8?Q?evil?=', '=?utf-8?Q?evil?='],
    ['RENGA-SLOT-TOKEN-RENGA', 'RENGA-SLOT-TOKEN-RENGA'],
    ['name\0with\u2028breaks', 'name with breaks'],
  ])('shows the name %j', async (name, shown) => {
    const message = Buffer.from(personalise(mime, { ...PERSONAL, name }));
    const { to, headerLines } = await simpleParser(message);
    expect(Array.isArray(to) ? to : to?.value).toEqual([{ name: shown, address: PERSONAL.address }]);
    expect(headerLines.some((line) => line.key === 'bcc')).toBe(false);
  });

  it('folds a long name and cuts it', async () => {
    const message = Buffer.from(personalise(mime, { ...PERSONAL, name: 'Ünd '.repeat(3_000) })).toString();
    const field = /^To: [^]*?(?=\r\n\S)/m.exec(message)?.[0] ?? '';
    expect(Math.max(...field.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
    expect(field.length).toBeLessThan(400);
  });

  it('writes a local part beyond ASCII in UTF-8 (RFC 6532)', () => {
    const message = Buffer.from(
      personalise(mime, { ...PERSONAL, address: address('käthe@例え.jp'), name: '' }),
    ).toString();
    expect(message).toContain('\r\nTo: käthe@xn--r8jz45g.jp\r\n');
  });

  it.each(['\r', '\n', '\n.\r\n', '\r.\r'])('prepares nothing that has %j for a line end', (lineEnd) => {
    const broken = Buffer.concat([mime, Buffer.from(`a${lineEnd}b\r\n`)]);
    expect(() => prepareMime(broken)).toThrow(/not CRLF/);
  });

  it('accepts no token or Message-ID that could leave its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/^[\w-]{1,73}$/.test(text));
        expect(() => personalise(mime, { ...PERSONAL, token: text })).toThrow(/token/);
        expect(() => personalise(mime, { ...PERSONAL, messageId: text })).toThrow(/Message-ID/);
      }),
    );
    expect(() => personalise(mime, { ...PERSONAL, token: 'a\n' })).toThrow(/token/);
    expect(() => personalise(mime, { ...PERSONAL, messageId: 'a@b>\r\nBcc: x@y.example' })).toThrow(
      /Message-ID/,
    );
  });
});

describe('composeMessageId', () => {
  const parts = { instanceId: 'one', digest: 7, subscriber: 12, domain: 'example.org' };

  it('is fixed by its parts, each of them, and under the sender’s domain', () => {
    const id = composeMessageId(parts);
    expect(id).toMatch(/^renga\.7\.[0-9a-f]{32}@example\.org$/);
    expect(composeMessageId({ ...parts })).toBe(id);
    const others = [{ instanceId: 'two' }, { digest: 71 }, { subscriber: 2 }].map((other) =>
      composeMessageId({ ...parts, ...other }),
    );
    expect(new Set([id, ...others]).size).toBe(4);
  });
});

import * as fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { type MessageHead, SLOTS } from '../../src/domain/message.ts';
import { compileMessage } from '../../src/mail/compile-message.ts';
import { personalise } from '../../src/mail/personalise.ts';
import { DIGEST, HEAD, PERSONAL, UNSUBSCRIBE, address } from './sample-message.ts';

const FIELDS = [
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Archive',
  'List-Help',
  'List-Owner',
  'List-Post',
  'Auto-Submitted',
  'Precedence',
  'X-Auto-Response-Suppress',
  'Feedback-ID',
  'Content-Language',
  'MIME-Version',
  'Content-Type',
];

async function compose(
  head: Partial<MessageHead> = {},
  digest: Partial<typeof DIGEST> = {},
): Promise<string> {
  const mime = await compileMessage({ ...HEAD, ...head }, { ...DIGEST, ...digest });
  return Buffer.from(personalise(mime, PERSONAL)).toString();
}

/** Names of the header's fields, in order, as a reader that knows nothing of us would find them. */
function fieldNames(message: string): string[] {
  const head = message.slice(0, message.indexOf('\r\n\r\n'));
  return head
    .split('\r\n')
    .filter((line) => !/^[ \t]/.test(line))
    .map((line) => line.slice(0, line.indexOf(':')));
}

function field(message: string, name: string): string {
  const head = message.slice(0, message.indexOf('\r\n\r\n') + 2).replace(/\r\n[ \t]+/g, ' ');
  return new RegExp(`^${name}: (.*)\r$`, 'm').exec(head)?.[1] ?? '';
}

describe('compileMessage', () => {
  it('composes the whole message', async () => {
    await expect(await compose()).toMatchFileSnapshot('golden/message.eml');
  });

  it('has every field of the standards, once', async () => {
    const message = await compose();
    expect(fieldNames(message)).toEqual(FIELDS);
    expect(field(message, 'List-Id')).toBe('"Small Joys, Kept" <weekly.example.org>');
    expect(field(message, 'List-Unsubscribe')).toBe(
      `<${UNSUBSCRIBE}${PERSONAL.token}>, <mailto:owner%2Bleave@example.org?subject=unsubscribe%20${PERSONAL.token}>`,
    );
    expect(field(message, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(field(message, 'List-Post')).toBe('NO');
    expect(field(message, 'List-Owner')).toBe('<mailto:owner@example.org>');
    expect(field(message, 'Auto-Submitted')).toBe('auto-generated');
    expect(field(message, 'Precedence')).toBe('bulk');
    expect(field(message, 'X-Auto-Response-Suppress')).toBe('OOF, AutoReply');
    expect(field(message, 'Feedback-ID')).toBe('7:weekly:renga:example.org');
    expect(field(message, 'Date')).toBe('Mon, 16 Nov 2026 09:00:00 +0000');
    expect(field(message, 'Message-ID')).toBe(`<${PERSONAL.messageId}>`);
    expect(field(message, 'To')).toBe('Ann Lee <ann@reader.example>');
  });

  it('gives the same bytes twice, and leaves out Reply-To where there is none', async () => {
    expect(await compose()).toBe(await compose());
    expect(fieldNames(await compose({ replyTo: null }))).toEqual(
      FIELDS.filter((name) => name !== 'Reply-To'),
    );
  });

  it('says the same to another reader of mail', async () => {
    const message = await compose();
    const parsed = await simpleParser(message, { skipTextLinks: true, skipTextToHtml: true });
    const html = DIGEST.html.replace(SLOTS.token, PERSONAL.token);
    expect(parsed.html).toBe(html);
    expect(parsed.text).toBe(DIGEST.text.replace(SLOTS.token, PERSONAL.token));
    expect(parsed.from?.value).toEqual([{ name: 'Käthe at the Terminal', address: 'digest@example.org' }]);
    expect(message.indexOf('text/plain')).toBeLessThan(message.indexOf('text/html'));
    expect(parsed.attachments).toEqual([]);
  });

  it('keeps every line within 76 characters and ends each in CRLF', async () => {
    const long = 'ein sehr langes Wörtchen '.repeat(400);
    const message = await compose(
      { subject: long },
      {
        html: `<p>${long}</p><a href="${UNSUBSCRIBE}${SLOTS.token}">x</a>`,
        text: `${long}${UNSUBSCRIBE}${SLOTS.token}`,
      },
    );
    const lines = message.split('\r\n');
    const uri = /^List-Unsubscribe:|^ <mailto:/;
    expect(lines.filter((line) => line.length > 76 && !uri.test(line))).toEqual([]);
    expect(message.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(message.endsWith('--\r\n')).toBe(true);
  });

  it('works on a loopback trial without https', async () => {
    const base = 'http://127.0.0.1:8420/unsubscribe/';
    const message = await compose(
      { unsubscribeUrl: base },
      { html: `<a href="${base}${SLOTS.token}">x</a>`, text: base + SLOTS.token },
    );
    expect(field(message, 'List-Unsubscribe')).toMatch(
      /^<http:\/\/127\.0\.0\.1:8420\/unsubscribe\/[\w-]+>, <mailto:/,
    );
    expect((await simpleParser(message)).html).toContain(`href="${base}${PERSONAL.token}"`);
  });

  it('finds the link where the URL has a query, escaped in HTML', async () => {
    const base = 'https://example.org/?a=1&t=';
    const message = await compose(
      { unsubscribeUrl: base },
      { html: `<a href="${base.replace('&', '&amp;')}${SLOTS.token}">x</a>`, text: base + SLOTS.token },
    );
    expect((await simpleParser(message)).html).toContain(`?a=1&amp;t=${PERSONAL.token}"`);
  });

  it('gives the token to a link to the page of preferences, where there is one', async () => {
    const preferencesUrl = 'https://lists.example.org/preferences/';
    const documents = {
      html: `<a href="${preferencesUrl}${SLOTS.token}">y</a>${DIGEST.html}`,
      text: `${preferencesUrl}${SLOTS.token}\n${DIGEST.text}`,
    };
    const parsed = await simpleParser(await compose({ preferencesUrl }, documents));
    for (const part of [parsed.html || '', parsed.text ?? '']) {
      expect(part).toContain(preferencesUrl + PERSONAL.token);
      expect(part).toContain(UNSUBSCRIBE + PERSONAL.token);
    }
    // Frozen before there was such a page.
    expect(await compose({ preferencesUrl })).toBe(await compose());
    await expect(compose({ preferencesUrl }, { text: preferencesUrl + SLOTS.token })).rejects.toThrow(
      /text has no unsubscribe link/,
    );
  });

  it('refuses a document without a way to leave', async () => {
    await expect(compose({}, { html: '<p>forever</p>' })).rejects.toThrow(OperatorError);
    await expect(compose({}, { text: `token: ${SLOTS.token}` })).rejects.toThrow(
      /text has no unsubscribe link/,
    );
  });

  it('never gives the token to a post that asks for it', async () => {
    const theft = `https://evil.example/?${SLOTS.token}`;
    const mark = /RENGA-SLOT-[A-Z-]+-RENGA/g;
    for (const pad of ['', 'x'.repeat(40), 'x'.repeat(55), '日本'.repeat(9)]) {
      const message = await compose(
        { subject: `Hello ${SLOTS.token}` },
        {
          html: `<p>${pad}${theft} RENGA-SLOT-TO-RENGA</p>${DIGEST.html}`,
          text: `${pad}${theft}\n${SLOTS.token}\n${DIGEST.text}`,
        },
      );
      const parsed = await simpleParser(message);
      expect(parsed.html).toContain(`${theft} RENGA-SLOT-TO-RENGA`);
      expect(parsed.text).toContain(`${theft}\n${SLOTS.token}\n`);
      expect(parsed.subject).toBe(`Hello ${SLOTS.token}`);
      expect((parsed.html || '').replaceAll(mark, '').split(PERSONAL.token)).toHaveLength(2);
    }
  });

  it('cannot be ended early by a post that knows the boundary', async () => {
    const boundary = /boundary="([^"]+)"/.exec(await compose())?.[1] ?? '';
    const attack = `\n--${boundary}\nContent-Type: text/html\n\n<b>mine</b>\n--${boundary}--\n`;
    const parsed = await simpleParser(await compose({}, { text: attack + DIGEST.text }), {
      skipTextToHtml: true,
    });
    expect(parsed.text).toContain(attack);
    expect(parsed.html).toContain('Leave this list');
    expect(parsed.html).not.toContain('mine');
  });
});

describe('what posts, config and visitors write', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({
      unit: fc.constantFrom(
        '\r',
        '\n',
        '\0',
        '\u2028',
        '\u0085',
        ':',
        ' ',
        'Bcc',
        '=?',
        '?=',
        '"',
        '\\',
        '<',
        '>',
        ',',
        'ä',
        '🍵',
        '\ud800',
        'RENGA-SLOT-TO-RENGA',
        'a'.repeat(300),
      ),
      maxLength: 60,
    }),
    fc.constantFrom(
      'x\r\nBcc: victim@example.com',
      'x\n\nbody',
      'a'.repeat(10_000),
      'ü'.repeat(10_000),
      '=?utf-8?Q?a=0D=0ABcc:_x?=',
    ),
  );

  it('never adds a field, a line or a recipient', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (text, name) => {
        const head: MessageHead = {
          ...HEAD,
          from: { ...HEAD.from, name },
          subject: text,
          listId: { title: text, identifier: `${text}weekly.example.org` },
          feedbackId: `7:weekly:${name}`,
          language: text,
          boundarySeed: name,
        };
        const mime = await compileMessage(head, DIGEST);
        const message = Buffer.from(personalise(mime, { ...PERSONAL, name: text })).toString();
        const names = fieldNames(message).filter((field) => field !== 'Content-Language');
        expect(names).toEqual(FIELDS.filter((field) => field !== 'Content-Language'));
        const header = message.slice(0, message.indexOf('\r\n\r\n'));
        expect(header).toMatch(/^(?:[\x20-\x7e]|\r\n)*$/);
        expect(Math.max(...header.split('\r\n').map((line) => line.length))).toBeLessThan(998);
        const parsed = await simpleParser(message);
        const to = Array.isArray(parsed.to)
          ? parsed.to.flatMap((list) => list.value)
          : (parsed.to?.value ?? []);
        expect(to.map((mailbox) => mailbox.address)).toEqual([PERSONAL.address]);
        expect(parsed.from?.value.map((mailbox) => mailbox.address)).toEqual([HEAD.from.address]);
        expect((parsed.subject ?? '').length).toBeLessThanOrEqual(78);
        expect(parsed.messageId).toBe(`<${PERSONAL.messageId}>`);
      }),
      { numRuns: 300 },
    );
  });

  it('reads again as it was written, as one line', { timeout: 120_000 }, async () => {
    const words = fc.array(
      fc.constantFrom(
        'Größe',
        'quoted "words"',
        '日本語',
        '🍵🍵',
        'a,b',
        '=?x?=',
        '=?utf-8?Q?evil?=',
        'plain',
        'back\\slash',
        'J.',
      ),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(words, async (parts) => {
        const title = parts.join(' ');
        const parsed = await simpleParser(
          await compose({ subject: title, from: { name: title, address: address('a@example.org') } }),
        );
        expect(parsed.subject).toBe(title);
        expect(parsed.from?.value[0]?.name).toBe(title);
      }),
      { numRuns: 100 },
    );
  });

  it('reads again in the body, whatever the text', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.nat(80), async (text, pad) => {
        const line = `${'x'.repeat(pad)}${text.replace(/\s+/g, ' ')}`;
        const message = await compose(
          {},
          { text: `${line}\n${DIGEST.text}`, html: `${line}\n${DIGEST.html}` },
        );
        expect(
          Math.max(
            ...message
              .slice(message.indexOf('\r\n\r\n'))
              .split('\r\n')
              .map((each) => each.length),
          ),
        ).toBeLessThanOrEqual(76);
        const parsed = await simpleParser(message, { skipTextToHtml: true });
        expect(parsed.text?.split('\n')[0]).toBe(line.toWellFormed());
        expect((parsed.html || '').split('\n')[0]).toBe(line.toWellFormed());
      }),
      { numRuns: 200 },
    );
  });
});

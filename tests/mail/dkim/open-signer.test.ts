import { createHash, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMessage } from '../../../src/mail/compile-message.ts';
import { openSigner } from '../../../src/mail/dkim/open-signer.ts';
import { SIGNED_FIELDS } from '../../../src/mail/dkim/sign-head.ts';
import { type PreparedMime, personalise, prepareMime, renderValues } from '../../../src/mail/personalise.ts';
import { DIGEST, HEAD, PERSONAL } from '../sample-message.ts';
import { plainBodyHash, plainHead, plainHeadHash } from './plain-canonical-form.ts';
import { ED25519, RSA } from './sample-keys.ts';

const mime = await compileMessage(HEAD, DIGEST);
const prepared = prepareMime(mime);
const message = Buffer.from(personalise(mime, PERSONAL));
const seal = openSigner(prepared, [RSA, ED25519]).sign(renderValues(PERSONAL));

type Values = Parameters<ReturnType<typeof openSigner>['hash']>[0];

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

function patch({ pieces, slots }: PreparedMime, values: Values): Buffer {
  return Buffer.concat(
    pieces.flatMap((piece, index) => {
      const slot = slots[index];
      return slot ? [piece, values[slot]] : [piece];
    }),
  );
}

/** Text in which white space, line ends and bare CR and LF meet often. */
const roughText = fc
  .array(
    fc.oneof(
      fc.constantFrom(' ', '\t', '\r\n', '\r', '\n', ' \r\n', '\r\n\r\n', 'a', '=', '\xa0', '\xff'),
      fc.string(),
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join('').replace(/[^\0-\xff]/g, '?'));
const everySlot = <T>(value: T): Record<keyof Values, T> => ({
  to: value,
  date: value,
  messageId: value,
  token: value,
});
const bodyValues = fc.record(everySlot(roughText.map(latin1)));
const slotName = fc.constantFrom('to', 'date', 'messageId', 'token');
/** A value cannot begin a field of its own, but may be folded and hold any other byte. */
const fieldText = fc
  .array(
    fc.oneof(
      fc.constantFrom(' ', '\t', '\r\n ', '\r\n\t', '\r\n \t ', ':', 'x', '\xa0', '\xfc'),
      fc.string().map((text) => text.replace(/[^\0-\xff]|[\r\n]/g, '?')),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('the quick way gives what RFC 6376 gives when read literally:', () => {
  it('the body hash, for any pieces and values', () => {
    const bodies = fc.array(fc.tuple(slotName, roughText), { maxLength: 4 });
    fc.assert(
      fc.property(roughText, bodies, bodyValues, (first, rest, values) => {
        const body: PreparedMime = {
          pieces: [latin1(`From: a@b.example\r\n\r\n${first}`), ...rest.map(([, text]) => latin1(text))],
          slots: rest.map(([slot]) => slot),
        };
        expect(openSigner(body, []).hash(values).bodyHash).toBe(plainBodyHash(patch(body, values)));
      }),
      { numRuns: 2000 },
    );
  });

  it('the header, for any values and any folding and spacing of what all copies share', () => {
    const fields = fc.array(
      fc.tuple(fc.constantFrom(...SIGNED_FIELDS, 'x-other'), fieldText, slotName, fieldText),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(fields, fc.record(everySlot(fieldText.map(latin1))), (drawn, values) => {
        const known = new Map(drawn.map((field) => [field[0], field]));
        const pieces: string[] = [''];
        const slots: PreparedMime['slots'][number][] = [];
        for (const [name, before, slot, after] of known.values()) {
          pieces[pieces.length - 1] += `${name.toUpperCase()} \t:${before}`;
          slots.push(slot);
          pieces.push(`${after}\r\n`);
        }
        pieces[pieces.length - 1] += '\r\nbody';
        const drawnMime: PreparedMime = { pieces: pieces.map(latin1), slots };
        const whole = patch(drawnMime, values);
        expect(openSigner(drawnMime, []).hash(values).headHash).toBe(plainHeadHash(whole, SIGNED_FIELDS));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['empty lines alone', '\r\n\r\n'],
    ['white space alone', ' \t\r\n \r\n'],
    ['no line end', 'a'],
    ['trailing spaces and tabs', 'a \t\r\nb\t\t \r\n'],
    ['empty lines at the end', 'a\r\n\r\n \r\n\t\r\n'],
    ['white space after the last line', 'a\r\n \t'],
  ])('a body of %s', (_, body) => {
    const constant: PreparedMime = { pieces: [latin1(`From: a@b.example\r\n\r\n${body}`)], slots: [] };
    const { bodyHash } = openSigner(constant, []).hash(renderValues(PERSONAL));
    expect(bodyHash).toBe(plainBodyHash(patch(constant, renderValues(PERSONAL))));
  });

  it('RFC 6376 §3.4.5, example 1', () => {
    const example = 'A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n';
    const { bodyHash } = openSigner({ pieces: [latin1(example)], slots: [] }, []).hash(
      renderValues(PERSONAL),
    );
    expect(bodyHash).toBe(createHash('sha256').update(' C\r\nD E\r\n').digest('base64'));
  });
});

describe('a seal', () => {
  it('is made over the whole message', () => {
    expect(seal.bodyHash).toBe(plainBodyHash(message));
    expect(seal.headHash).toBe(plainHeadHash(message, SIGNED_FIELDS));
  });

  it('covers every field that identifies the message or lets a reader leave, each of them there', () => {
    const names =
      'from subject date message-id to list-id list-unsubscribe list-unsubscribe-post feedback-id mime-version content-type';
    const lists = [...seal.fields.matchAll(/ h=([^;]+);/g)].map(([, list = '']) => list.split(/:\s*/));
    expect(lists).toEqual([names.split(' '), names.split(' ')]);
    const covered = plainHead(message, SIGNED_FIELDS).toString();
    expect(covered.split('\r\n').map((line) => line.split(':', 1)[0])).toEqual([...names.split(' '), '']);
  });

  it('of one copy leaves that of the next as it is', () => {
    const signer = openSigner(prepared, [RSA, ED25519]);
    signer.sign({ ...renderValues(PERSONAL), token: Buffer.from('other') });
    expect(signer.sign(renderValues(PERSONAL))).toEqual(seal);
  });

  it('is the same at each attempt, has no time and no length, and is folded', () => {
    const again = openSigner(prepareMime(Uint8Array.from(mime)), [RSA, ED25519]).sign(renderValues(PERSONAL));
    expect(again).toEqual(seal);
    expect(seal.fields).not.toMatch(/[; ][ltx]=/);
    expect(seal.fields).toMatch(/^(?:DKIM-Signature: [\x20-\x7e]+\r\n(?: [\x20-\x7e]+\r\n)+){2}$/);
    expect(Math.max(...seal.fields.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
  });

  it('has the RSA signature first and the Ed25519 signature beside it, each for its own record', () => {
    const tags = seal.fields.split(/DKIM-Signature: /).slice(1);
    expect(tags.map((text) => /a=([^;]+);/.exec(text)?.[1])).toEqual(['rsa-sha256', 'ed25519-sha256']);
    expect(tags.map((text) => /s=([^;]+);/.exec(text)?.[1])).toEqual([RSA.selector, ED25519.selector]);
    const [, ed25519 = ''] = tags;
    const own = ed25519.slice(0, ed25519.indexOf(' b=') + 3).replace(/\r\n/g, '');
    const signed = Buffer.concat([plainHead(message, SIGNED_FIELDS), latin1(`dkim-signature:${own}`)]);
    const signature = Buffer.from(/ b=([^]+)$/.exec(ed25519)?.[1]?.replace(/\s/g, '') ?? '', 'base64');
    const digest = createHash('sha256').update(signed).digest();
    expect(verify(null, digest, ED25519.key, signature)).toBe(true);
  });

  it.each(['to', 'date', 'messageId', 'token'] as const)('is another one when the %s is', (slot) => {
    const values = renderValues(PERSONAL);
    const other = openSigner(prepared, [RSA]).hash({ ...values, [slot]: Buffer.from('other') });
    expect(other.headHash).not.toBe(seal.headHash);
    expect(other.bodyHash === seal.bodyHash).toBe(slot !== 'token');
  });

  it('can be held against its copy without the key', () => {
    const { bodyHash, headHash } = seal;
    expect(openSigner(prepared, []).hash(renderValues(PERSONAL))).toEqual({ bodyHash, headHash });
  });

  it('is never made without a key', () => {
    expect(() => openSigner(prepared, []).sign(renderValues(PERSONAL))).toThrow(/no key/);
  });

  it('is refused where a signed field stands twice, and where no header ends', () => {
    const twice = [latin1('From: a@b.example\r\nFROM : c@d.example\r\n\r\nbody')];
    expect(() => openSigner({ pieces: twice, slots: [] }, [])).toThrow(/2 fields from/);
    expect(() => openSigner({ pieces: [latin1('From: a\r\n')], slots: [] }, [])).toThrow(/empty line/);
  });
});

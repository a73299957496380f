/** Addresses that would mail somebody else, break a header, or pass for another's: none is taken, by form or by JSON, and none comes back unescaped. */
import { describe, expect, it, beforeAll, afterAll } from 'vitest';
import { composeRequest, exchange, openTarget, type RawAnswer, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => await target.close());

const BAD: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['white space', ' \t\u00a0'],
  ['a header behind it', 'a@example.com\r\nBcc: victim@example.net'],
  ['a header behind a line feed', 'a@example.com\nBcc: victim@example.net'],
  ['a header before it', 'Bcc: victim@example.net\r\na@example.com'],
  ['a command of SMTP', 'a@example.com>\r\nRCPT TO:<victim@example.net'],
  ['a line end in Unicode', 'a@example.com\u2028Bcc: victim@example.net'],
  ['a line end in the name', 'a\r\n@example.com'],
  ['two with a comma', 'a@example.com,victim@example.net'],
  ['two with a semicolon', 'a@example.com;victim@example.net'],
  ['two with a space', 'a@example.com victim@example.net'],
  ['two with a tab', 'a@example.com\tvictim@example.net'],
  ['a comma in full width', 'a@example.com，victim@example.net'],
  ['a group', 'all:a@example.com;'],
  ['a comment', 'a(b)@example.com'],
  ['a comment behind it', 'a@example.com (b)'],
  ['a name with it', 'Ann <a@example.com>'],
  ['brackets', '<a@example.com>'],
  ['a route', '@relay.example:a@example.com'],
  ['a route by percent and two at signs', 'a@b@example.com'],
  ['a route of old', 'relay.example!a'],
  ['a NUL', 'a\u0000@example.com'],
  ['a NUL at its end', 'a@example.com\u0000.evil.example'],
  ['an escape', 'a\u001b[31m@example.com'],
  ['a delete', 'a\u007f@example.com'],
  ['a next line', 'a\u0085@example.com'],
  ['an IPv4 literal', 'a@[192.0.2.1]'],
  ['an IPv6 literal', 'a@[IPv6:2001:db8::1]'],
  ['an IPv4 address', 'a@192.0.2.1'],
  ['an IPv4 address in one number', 'a@3221225985'],
  ['an IPv4 address in hex', 'a@0xc0.0.2.1'],
  ['an IPv6 address', 'a@::1'],
  ['a single label', 'a@localhost'],
  ['a single label with a dot', 'a@localhost.'],
  ['a quoted local part', '"a b"@example.com'],
  ['a quoted local part without need', '"a"@example.com'],
  ['a quoted local part with an at sign', '"a@b"@example.com'],
  ['a backslash', 'a\\@b@example.com'],
  ['a long local part', `${'a'.repeat(65)}@example.com`],
  ['a long local part in bytes', `${'ä'.repeat(33)}@example.com`],
  ['a long label', `a@${'b'.repeat(64)}.example`],
  ['a long domain', `a@${'b.'.repeat(130)}example`],
  ['a long address', `${'a'.repeat(64)}@${'bcdefgh.'.repeat(24)}example`],
  ['a very long address', `${'a'.repeat(60_000)}@example.com`],
  ['a dot at its start', '.a@example.com'],
  ['a dot at its end', 'a.@example.com'],
  ['two dots', 'a..b@example.com'],
  ['two dots in the domain', 'a@example..com'],
  ['a dot before the domain', 'a@.example.com'],
  ['a hyphen before a label', 'a@-example.com'],
  ['a hyphen behind a label', 'a@example-.com'],
  ['an underscore in the domain', 'a@exa_mple.com'],
  ['a port', 'a@example.com:25'],
  ['a path', 'a@example.com/../x'],
  ['a question', 'a@example.com?cc=victim@example.net'],
  ['a scheme', 'mailto:a@example.com?bcc=victim@example.net,b'],
  ['an escape in the domain', 'a@%65xample.com'],
  ['an escape in full width', 'a@ex％61mple.com'],
  ['punycode that is none', 'a@xn--a.example'],
  ['punycode of ASCII', 'a@xn--example-.com'],
  ['punycode of nothing', 'a@xn--.com'],
  ['punycode that overflows', `a@xn--${'9'.repeat(59)}.com`],
  ['no at sign', 'a.example.com'],
  ['an at sign in full width', 'a＠example.com'],
  ['an at sign in full width before the domain', 'a＠b@example.com'],
  ['an at sign in full width in the domain', 'a@b＠example.com'],
  ['a small at sign', 'a﹫example.com'],
  ['a slash that looks like one', 'a@example.com∕x.example'],
  ['a fraction that is one', 'a@example℀.com'],
  ['a heart', 'a@i❤.ws'],
  ['a heart in punycode', 'a@xn--i-7iq.ws'],
  ['a bidi override', 'a\u202emoc.elpmaxe@example.com'],
  ['a bidi isolate', '\u2066a\u2069@example.com'],
  ['a bidi mark in the domain', 'a@exa\u200fmple.com'],
  ['a zero-width space', 'a\u200b@example.com'],
  ['a zero-width joiner', 'ad\u200dmin@example.com'],
  ['a soft hyphen', 'ad\u00admin@example.com'],
  ['a byte order mark within', 'a\ufeffb@example.com'],
  ['a variation selector of tags', 'a\u{e0061}@example.com'],
  ['half a character', 'a\ud800@example.com'],
  ['a private character', 'a\ue000@example.com'],
  ['an emoji', '😀@example.com'],
  ['markup', '<script>alert(1)</script>@example.com'],
  ['markup in the domain', 'a@<img/src=x>.com'],
  ['a formula', '=cmd|a!A1@example.com'.replace('|', ' ')],
  ['a template', 'a@{{7*7}}.com'],
  ['SQL', "a'); drop table subscribers; --@example.com"],
];

async function send(type: string, body: string): Promise<RawAnswer> {
  const bytes = Buffer.from(body).toString('latin1');
  const lines = [`Content-Type: ${type}`, `Content-Length: ${bytes.length}`];
  const [answer] = await exchange(target.running.port, composeRequest('POST /subscribe', lines, bytes));
  return answer!;
}

describe('an address is refused beside its field', () => {
  it.each(BAD)('that has %s', async (_, address) => {
    const before = target.look();
    const form = await send(
      'application/x-www-form-urlencoded',
      new URLSearchParams({ address, name: 'Kept' }).toString(),
    );
    expect(form.status).toBe(400);
    expect(form.body).toMatch(/"address":\{.*?"wrong":"[^"]+/);
    const json = await send('application/json', JSON.stringify({ address }));
    expect([json.status, JSON.parse(json.body)]).toMatchObject([
      400,
      { kind: 'wrong', faults: [{ field: 'address' }] },
    ]);
    for (const { fields } of [form, json]) expect(fields.join('\n')).not.toMatch(/victim|bcc|rcpt/i);
    expect(target.look()).toEqual(before);
  });
});

describe('what else is typed', () => {
  it.each([
    'Ann\r\nBcc: victim@example.net',
    'Ann\u0000',
    'Ann\u2028Lee',
    '\u202eAnn',
    'Ann "x" <a@b>',
    '<b>Ann</b>',
    '{{ 7 | times: 7 }}',
    '=cmd()',
  ])('goes into no header as it is: a name %j', async (name) => {
    await send('application/json', JSON.stringify({ address: 'named@example.com', name, tags: [name] }));
    const rows = target
      .look()
      .get('sign_ups')!
      .map((row) => JSON.parse(row) as { name: string; address: string });
    expect(
      rows
        .filter(({ address }) => address.startsWith('named'))
        .every((row) => !/\p{Cc}|[\u2028\u2029]/u.test(row.name)),
    ).toBe(true);
  });

  it('keeps plus tags, dots and capitals of an honest address, and its domain in one form', async () => {
    for (const address of [
      'A.b+c@EXAMPLE.com',
      'd@bücher.example',
      'e@BÜCHER.example',
      'f@xn--bcher-kva.example',
      'g@example．com',
      'ü@example.com',
      "o'h@example.com",
    ]) {
      expect([address, (await send('application/json', JSON.stringify({ address }))).status]).toEqual([
        address,
        200,
      ]);
    }
    const kept = target
      .look()
      .get('sign_ups')!
      .map((row) => (JSON.parse(row) as { address: string }).address);
    expect(kept).toEqual(
      expect.arrayContaining([
        'A.b+c@example.com',
        'd@xn--bcher-kva.example',
        'e@xn--bcher-kva.example',
        'f@xn--bcher-kva.example',
        'g@example.com',
      ]),
    );
  });
});

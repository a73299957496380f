/** An address can be put into a header or an envelope as it is: nothing that could not is let through. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey, domainOf, parseAddress, parseMailbox, renderAddress } from '../../src/domain/address.ts';

function accepted(text: string): string | null {
  const result = parseAddress(text);
  return result.kind === 'address' ? result.address : null;
}

const LOCAL_64 = 'l'.repeat(64);
const LABEL_63 = 'd'.repeat(63);

describe('parseAddress accepts', () => {
  it.each([
    ['ann@example.org', 'ann@example.org'],
    ['  ann@example.org \r\n', 'ann@example.org'],
    ['Ann.Lee+news@Example.ORG', 'Ann.Lee+news@example.org'],
    ["o'neill@example.org", "o'neill@example.org"],
    ["!#$%&'*+/=?^_`{|}~-@example.org", "!#$%&'*+/=?^_`{|}~-@example.org"],
    ['user%host@example.org', 'user%host@example.org'],
    ['1@2.co', '1@2.co'],
    ['a@a--b.co', 'a@a--b.co'],
    ['ann@münchen.de', 'ann@xn--mnchen-3ya.de'],
    ['ann@MÜNCHEN.de', 'ann@xn--mnchen-3ya.de'],
    ['ann@xn--mnchen-3ya.de', 'ann@xn--mnchen-3ya.de'],
    ['ann@почта.рф', 'ann@xn--80a1acny.xn--p1ai'],
    ['用户@例え.jp', '用户@xn--r8jz45g.jp'],
    ['e\u0301@example.org', 'é@example.org'],
    ['ann@ex．org', 'ann@ex.org'],
    [`${LOCAL_64}@example.org`, `${LOCAL_64}@example.org`],
    [`a@${LABEL_63}.org`, `a@${LABEL_63}.org`],
  ])('%j', (text, address) => {
    expect(accepted(text)).toBe(address);
  });
});

describe('parseAddress refuses', () => {
  it.each([
    '',
    ' ',
    '@',
    'ann',
    'ann@',
    '@example.org',
    'ann@example',
    'ann@localhost',
    'ann@example.',
    'ann@example.org.',
    'ann@.example.org',
    'ann@example..org',
    'a@b..c',
    '.ann@example.org',
    'ann.@example.org',
    'a..b@example.org',
    'ann@-example.org',
    'ann@example-.org',
    'ann@ex_ample.org',
    'ann@[127.0.0.1]',
    'ann@[IPv6:::1]',
    'ann@127.0.0.1',
    'ann@127.1',
    'ann@0x7f.0.0.0x1',
    'ann@2130706433',
    'ann@１２７.０.０.１',
    'ann@example.١٢',
    'ann@example.org:25',
    'ann@example.org/x',
    'ann@example.org?x',
    'ann@example.org#x',
    'ann@exam%70le.org',
    'ann@exam\\ple.org',
    'ann@user:pw@example.org',
    'ann@b＠example.org',
    'ann@℀.org',
    'ann@example.org\r\nBcc: victim@example.org',
    'ann@example.org\nRCPT TO:<victim@example.org>',
    'ann\r\nBcc: victim@example.org',
    'ann\r\n@example.org',
    'ann@exam\tple.org',
    'ann@example.org\0',
    'ann\0@example.org',
    'ann\u007f@example.org',
    'ann\u0085@example.org',
    'ann\u2028@example.org',
    'ann\u200b@example.org',
    'ann\u202e@example.org',
    'ann\u00a0@example.org',
    'an n@example.org',
    'ann@exa mple.org',
    'ann@example.org, bob@example.org',
    'ann,bob@example.org',
    'ann;bob@example.org',
    'ann@example.org;bob@example.org',
    '<ann@example.org>',
    'Ann <ann@example.org>',
    'ann>@example.org',
    'ann@example.org>',
    '"ann"@example.org',
    '"a b"@example.org',
    '"ann@example.org"@example.org',
    'ann"@example.org',
    'ann\\@example.org',
    'ann(comment)@example.org',
    'ann@(comment)example.org',
    'ann@example.org(comment)',
    'ann@ann@example.org',
    'ann:bob@example.org',
    'a＠b@example.org',
    '\ud800@example.org',
    'ann@\ud800.org',
    `${LOCAL_64}l@example.org`,
    `${'é'.repeat(33)}@example.org`,
    `a@${LABEL_63}d.org`,
    `a@${`${LABEL_63}.`.repeat(4)}org`,
    `${LOCAL_64}@${`${LABEL_63}.`.repeat(3)}org`,
    `a@${'ü'.repeat(60)}.org`,
    `${'a'.repeat(100_000)}@example.org`,
    `a@${'a.'.repeat(100_000)}org`,
  ])('%j', (text) => {
    expect(accepted(text)).toBeNull();
  });

  it('with a reason that can be shown', () => {
    expect(parseAddress('ann')).toEqual({
      kind: 'not-an-address',
      reason: 'it needs a name, an @ and a domain',
    });
  });
});

describe('an accepted address', () => {
  /** Nearly addresses, with everything that means something to SMTP and to headers thrown in. */
  const pieces = fc.constantFrom(
    'a',
    'B',
    '9',
    '.',
    '-',
    '@',
    '@',
    ' ',
    ',',
    '<',
    '>',
    '"',
    '\\',
    '\r\n',
    '\0',
    '\t',
    ';',
    ':',
    '(',
    ')',
    '[',
    ']',
    '%',
    '%0d%0a',
    'é',
    'e\u0301',
    '例',
    '．',
    '。',
    '＠',
    '，',
    '＜',
    '\u00ad',
    '\u200b',
    '\u2028',
    '\ud800',
    'org',
    'xn--',
    '１',
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    fc
      .tuple(fc.string({ unit: 'binary', maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 6 }))
      .map(([local, domain]) => `a${local}@${domain}b.org`),
    fc.emailAddress(),
  );

  it('survives into the envelope and stays one line, whatever it was made from', () => {
    fc.assert(
      fc.property(text, (written) => {
        const address = accepted(written) ?? 'a@b.org';
        expect(address).not.toMatch(/[\p{Cc}\p{Z}\s<>,;:()[\]"\\]/u);
        expect(/^RCPT TO:<([^<>\s@]+@[a-z0-9.-]+)>$/u.exec(`RCPT TO:<${address}>`)?.[1]).toBe(address);
        expect(Buffer.byteLength(address)).toBeLessThanOrEqual(254);
        expect(Buffer.from(address).toString()).toBe(address);
      }),
      { numRuns: 5000 },
    );
  });

  it('is parsed to itself, and so is its mailbox', () => {
    fc.assert(
      fc.property(text, (written) => {
        const address = accepted(written) ?? 'a@b.org';
        expect(accepted(address)).toBe(address);
        expect(parseMailbox(`"N" <${address}>`)).toEqual({ name: 'N', address });
      }),
    );
  });
});

describe('what an address is asked', () => {
  const parsed = (text: string) => {
    const result = parseAddress(text);
    if (result.kind === 'address') return result.address;
    throw new Error(result.reason);
  };

  it('is its domain, its readable form and its key', () => {
    const address = parsed('Ann.Lee+News@MÜNCHEN.de');
    expect(domainOf(address)).toBe('xn--mnchen-3ya.de');
    expect(renderAddress(address)).toBe('Ann.Lee+News@münchen.de');
    expect(addressKey(address)).toBe('ann.lee+news@xn--mnchen-3ya.de');
  });

  it('keeps dots and plus tags apart', () => {
    expect(addressKey(parsed('a.b@x.org'))).not.toBe(addressKey(parsed('ab@x.org')));
    expect(addressKey(parsed('a+b@x.org'))).not.toBe(addressKey(parsed('a@x.org')));
  });
});

describe('parseMailbox', () => {
  it.each([
    ['ann@example.org', '', 'ann@example.org'],
    ['<ann@example.org>', '', 'ann@example.org'],
    ['Ann Lee <ann@example.org>', 'Ann Lee', 'ann@example.org'],
    ['  Ann Lee<ann@example.org>  ', 'Ann Lee', 'ann@example.org'],
    ['"Lee, Ann" <ann@example.org>', 'Lee, Ann', 'ann@example.org'],
    ['"Ann \\"A\\" Lee \\\\" <ann@example.org>', 'Ann "A" Lee \\', 'ann@example.org'],
    ['""<ann@example.org>', '', 'ann@example.org'],
    ['山田 花子 <hanako@例え.jp>', '山田 花子', 'hanako@xn--r8jz45g.jp'],
    ["O'Neill, Ann <ann@example.org>", "O'Neill, Ann", 'ann@example.org'],
  ])('%j', (text, name, address) => {
    expect(parseMailbox(text)).toEqual({ name, address });
  });

  it.each([
    '',
    'Ann Lee',
    'Ann ann@example.org',
    'Ann <ann>',
    'Ann <>',
    'Ann <ann@example.org',
    'Ann ann@example.org>',
    'Ann <ann@example.org> Lee',
    'Ann <a@example.org> <b@example.org>',
    '<a@example.org>, <b@example.org>',
    'Ann <a@example.org>, Bob <b@example.org>',
    'Ann <a@example.org,b@example.org>',
    'Ann\r\nBcc: v@example.org <ann@example.org>',
    'Ann\0 <ann@example.org>',
    '"Ann\\\r\nX: y" <ann@example.org>',
    'Ann <ann@example.org\r\n>x',
    '"Ann <ann@example.org>',
    '"Ann" Lee <ann@example.org>',
  ])('refuses %j', (text) => {
    expect(parseMailbox(text)).toBeNull();
  });

  it.each([
    ['spaces', `a${' '.repeat(200_000)}x`],
    ['spaces before a bracket', `${' '.repeat(200_000)}<`],
    ['quotes', '"'.repeat(200_000)],
    ['backslashes', `"${'\\'.repeat(200_000)}`],
    ['quoted spaces', `"a"${' '.repeat(200_000)}x`],
    ['brackets', '<'.repeat(200_000)],
    ['dots', `${'a.'.repeat(200_000)}@`],
  ])('is not slowed down by a line of %s', (_what, text) => {
    expect(parseMailbox(text)).toBeNull();
  });
});

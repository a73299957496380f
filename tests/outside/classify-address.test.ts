/** Which addresses are somebody else's public server, and which are not. */
import { BlockList } from 'node:net';
import { assert, constantFrom, ipV4, ipV6, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyAddress } from '../../src/outside/classify-address.ts';

describe('an address', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['0.0.0.0', 'reserved'],
    ['::', 'reserved'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.127.255.255', 'private'],
    ['fd12:3456::1', 'private'],
    ['fc00::', 'private'],
    ['fec0::1', 'private'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['febf::1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['192.0.0.8', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.18.0.1', 'private'],
    ['198.51.100.1', 'reserved'],
    ['203.0.113.1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['2001::1', 'reserved'],
    ['3fff:abc::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['100::1', 'reserved'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['::127.0.0.1', 'loopback'],
    ['::ffff:0:10.0.0.1', 'private'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::a9fe:a9fe', 'link-local'],
    ['64:ff9b:1::1', 'private'],
    ['2002:7f00:1::', 'loopback'],
    ['2002:c0a8:101::1', 'private'],
    ['', 'reserved'],
    ['localhost', 'reserved'],
    ['1.2.3', 'reserved'],
  ])('%s is %s', (text, kind) => {
    expect(classifyAddress(text)).toBe(kind);
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a01:4f8::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ])('%s is public', (text) => {
    expect(classifyAddress(text)).toBe('public');
  });
});

/** A second opinion, by Node. */
const SPECIAL = new BlockList();
for (const prefix of [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3',
].flatMap((line) => line.split(' '))) {
  const [address = '', length = ''] = prefix.split('/');
  SPECIAL.addSubnet(address, Number(length), 'ipv4');
}

describe('any address', () => {
  const ipv4 = ipV4();

  it('of IPv4 is judged as Node judges the same ranges', () => {
    assert(
      property(ipv4, (text) => {
        expect(classifyAddress(text) === 'public').toBe(!SPECIAL.check(text, 'ipv4'));
      }),
      { numRuns: 2000 },
    );
  });

  it('of IPv4 in IPv6 is what it is bare', () => {
    assert(
      property(ipv4, constantFrom('::ffff:', '64:ff9b::', '::ffff:0:', '::1:0:0:'), (text, prefix) => {
        const kind = classifyAddress(`${prefix}${text}`);
        expect(kind).toBe(prefix === '::1:0:0:' ? 'reserved' : classifyAddress(text));
      }),
    );
  });

  it('of IPv6 is public only within 2000::/3, or where it carries one of IPv4 that is', () => {
    assert(
      property(ipV6(), (text) => {
        const first = Number.parseInt(text.split(':')[0] || '0', 16);
        const carries = /^(?:0*:|64:ff9b::|::)/i.test(text);
        expect(classifyAddress(text) !== 'public' || first >> 13 === 1 || carries).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('has an answer, whatever the text', () => {
    assert(
      property(string(), (text) => {
        const mayBeOne = /^[\d.:a-f%]+$/i.test(text);
        expect(mayBeOne || classifyAddress(text) === 'reserved').toBe(true);
      }),
    );
  });
});

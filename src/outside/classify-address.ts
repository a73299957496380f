/**
 * What kind of place an IP address is, after the registries of special addresses (IANA, RFC 6890 and what updates it). Only what is sure to be somebody
 * else's public server is `public`; what cannot be read is `reserved`.
 */
import { isIP } from 'node:net';

export type AddressClass = 'public' | 'loopback' | 'private' | 'link-local' | 'multicast' | 'reserved';

type Range = readonly [prefix: string, class_: Exclude<AddressClass, 'public'>];

/** IANA IPv4 Special-Purpose Address Registry; the first that fits counts. */
const IPV4_RANGES: readonly Range[] = [
  ['0.0.0.0/8', 'reserved'],
  ['10.0.0.0/8', 'private'],
  // RFC 6598: between a provider and its customers (CGNAT).
  ['100.64.0.0/10', 'private'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'reserved'],
  ['192.88.99.0/24', 'reserved'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'private'],
  ['198.51.100.0/24', 'reserved'],
  ['203.0.113.0/24', 'reserved'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
];

/** Outside of 2000::/3 everything is special; these are the special ones within, and those outside that have a name. */
const IPV6_RANGES: readonly Range[] = [
  ['::1/128', 'loopback'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  // RFC 3879: once private, and still routed as such by some.
  ['fec0::/10', 'private'],
  ['ff00::/8', 'multicast'],
  // RFC 8215: NAT64 of this network's own making.
  ['64:ff9b:1::/48', 'private'],
  // Teredo, ORCHID, benchmarks: RFC 2928 and those after it.
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'reserved'],
  ['3fff::/20', 'reserved'],
];

/** Addresses that carry an IPv4 address, which is where they lead: where it begins, in bytes. */
const CARRIERS: readonly (readonly [prefix: string, offset: number])[] = [
  // RFC 4291 §2.5.5.2, §2.5.5.1.
  ['::ffff:0:0/96', 12],
  ['::/96', 12],
  // RFC 2765 §2.1.
  ['::ffff:0:0:0/96', 12],
  // RFC 6052 §2.1: NAT64.
  ['64:ff9b::/96', 12],
  // RFC 3056 §2: 6to4.
  ['2002::/16', 2],
];

/** `text`: an address as Node and resolvers write it, without brackets. */
export function classifyAddress(text: string): AddressClass {
  const [bare = ''] = text.split('%');
  const version = isIP(bare);
  if (version === 4) return classifyIpv4(bytesOfIpv4(bare));
  return version === 6 ? classifyIpv6(bytesOfIpv6(bare)) : 'reserved';
}

function classifyIpv4(bytes: readonly number[]): AddressClass {
  return IPV4_RANGES.find(([prefix]) => isWithin(bytes, prefix))?.[1] ?? 'public';
}

function classifyIpv6(bytes: readonly number[]): AddressClass {
  const known = IPV6_RANGES.find(([prefix]) => isWithin(bytes, prefix))?.[1];
  if (known) return known;
  const carrier = CARRIERS.find(([prefix]) => isWithin(bytes, prefix));
  if (carrier) return classifyIpv4(bytes.slice(carrier[1], carrier[1] + 4));
  return isWithin(bytes, '2000::/3') ? 'public' : 'reserved';
}

function isWithin(bytes: readonly number[], prefix: string): boolean {
  const [address = '', length = '0'] = prefix.split('/');
  const wanted = address.includes(':') ? bytesOfIpv6(address) : bytesOfIpv4(address);
  return wanted.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, Number(length) - index * 8));
    const mask = 0xff & (0xff << (8 - bits));
    return ((bytes[index] ?? 0) & mask) === (byte & mask);
  });
}

function bytesOfIpv4(text: string): readonly number[] {
  return text.split('.').map(Number);
}

/** RFC 4291 §2.2: groups of 16 bits, one run of zeros as `::`, and an IPv4 address in place of the last two. */
function bytesOfIpv6(text: string): readonly number[] {
  const [before = '', after] = text.split('::');
  const head = bytesOfGroups(before);
  if (after === undefined) return head;
  const tail = bytesOfGroups(after);
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail];
}

function bytesOfGroups(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return bytesOfIpv4(group);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

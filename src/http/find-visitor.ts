/**
 * Who a request comes from, as far as that can be known: the other end of the socket, or, behind proxies of ours, the last hop that they did not
 * make themselves. What a visitor writes into X-Forwarded-For is to the left of that, and believed by nobody.
 */
import { BlockList, isIP } from 'node:net';
import type { Context } from 'hono';
import type { WebEnv } from './web-env.ts';

export type VisitorFinder = {
  /** The IP address, or null where there is none. `forwarded`: the X-Forwarded-For of the request. */
  readonly find: (peer: string | undefined, forwarded: string | undefined) => string | null;
};

/** `proxies`: as `10.0.0.0/8`. */
export function openVisitorFinder(proxies: readonly string[]): VisitorFinder {
  const own = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits = ''] = proxy.split('/');
    own.addSubnet(address, Number(bits), familyOf(address));
  }
  const isOwn = (address: string): boolean => own.check(address, familyOf(address));
  return {
    find: (peer, forwarded) => {
      let known = peer === undefined ? null : plain(peer);
      const hops = (forwarded ?? '').split(',').map((hop) => plain(hop.trim()));
      while (known !== null && isOwn(known) && hops.length > 0) {
        const hop = hops.pop() ?? null;
        // A proxy of ours that wrote nonsense, or nothing: what is known stays.
        if (hop === null) break;
        known = hop;
      }
      return known;
    },
  };
}

/** The IP address that a request came from, or null where that is not known. */
export function visitorOf(visitors: VisitorFinder, context: Context<WebEnv>): string | null {
  // Without a socket there are no bindings at all.
  const bindings = context.env as Partial<WebEnv['Bindings']> | undefined;
  const peer = bindings?.incoming?.socket.remoteAddress;
  return visitors.find(peer, context.req.header('x-forwarded-for'));
}

/**
 * What stands for a visitor where they are counted: one IPv4 address, or one /64 of IPv6, which is the least that a household is given
 * (RFC 6177 §2).
 */
export function visitorKey(address: string): string {
  if (isIP(address) !== 6) return address;
  return `${groupsOf(address).slice(0, 4).join(':')}::/64`;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** Without a zone, a port or brackets; IPv4 that comes over an IPv6 socket as IPv4. Null for no address. */
function plain(text: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, '');
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined && isIP(mapped) === 4) return mapped;
  return isIP(address) === 0 ? null : address;
}

/** All eight groups, as the URL standard writes them. */
function groupsOf(address: string): readonly string[] {
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [left = '', right] = short.split('::');
  const head = left === '' ? [] : left.split(':');
  if (right === undefined) return head;
  const tail = right === '' ? [] : right.split(':');
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
}

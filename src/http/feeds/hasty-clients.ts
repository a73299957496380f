/**
 * Clients that fetch a whole feed again and again, without a condition, many times as often as it could change. It is for programs gone wrong, not
 * against attacks: whoever may stand for many readers is never turned away.
 */
import { BlockList, isIP } from 'node:net';
import type { Clock } from '../../domain/clock.ts';
import type { Fields } from '../is-not-modified.ts';

/** Seconds to wait (429, RFC 6585 §4), or null for a client that may have the feed. */
export type HurryOf = (request: FeedRequest, path: string) => number | null;

export type FeedRequest = {
  readonly method: string;
  readonly fields: Fields;
  /** IP address of the other end; unknown where there was no socket. */
  readonly peer: string | undefined;
};

/**
 * As many at once, and one more in each interval: 180 readers of one make behind one address, who ask every half hour without a condition, are
 * still within it.
 */
const AT_ONCE = 30;
const INTERVAL_MILLISECONDS = 10_000;
/** Clients that are remembered; the one that asked longest ago is forgotten first. */
const LARGEST_MEMORY = 10_000;

export function openHastyClients(clock: Clock): HurryOf {
  /** When each will have used up nothing, in milliseconds. Never written anywhere. */
  const free = new Map<string, number>();
  return (request, path) => {
    const client = nameClient(request);
    if (client === null) return null;
    const now = clock().epochMilliseconds;
    const key = `${client}\n${path}`;
    const next = Math.max(free.get(key) ?? 0, now) + INTERVAL_MILLISECONDS;
    const wait = next - now - AT_ONCE * INTERVAL_MILLISECONDS;
    free.delete(key);
    free.set(key, wait > 0 ? next - INTERVAL_MILLISECONDS : next);
    const [oldest] = free.keys();
    if (oldest !== undefined && free.size > LARGEST_MEMORY) free.delete(oldest);
    return wait > 0 ? Math.ceil(wait / 1000) : null;
  };
}

const NEAR = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  NEAR.addSubnet(network, prefix, 'ipv4');
}
NEAR.addAddress('::1', 'ipv6');
NEAR.addSubnet('fc00::', 7, 'ipv6');
NEAR.addSubnet('fe80::', 10, 'ipv6');

/** One program at one address, as far as can be told; null for what asks with a condition, and for what may stand for many. */
function nameClient({ method, fields, peer }: FeedRequest): string | null {
  if (method !== 'GET' || fields.get('if-none-match') !== null || fields.get('if-modified-since') !== null) {
    return null;
  }
  const address = peer === undefined ? null : addressOf(peer, fields);
  return address === null ? null : `${address}\n${fields.get('user-agent') ?? ''}`.slice(0, 300);
}

/** Behind a reverse proxy of ours, which is near, the one address that it names; a chain of more, or a proxy far away, has many readers behind it. */
function addressOf(peer: string, fields: Fields): string | null {
  const forwarded = fields.get('x-forwarded-for');
  if (fields.get('via') !== null || fields.get('forwarded') !== null) return null;
  if (!isNear(peer)) return forwarded === null ? peer : null;
  const named = forwarded?.trim() ?? '';
  return isIP(named) !== 0 && !isNear(named) ? named : null;
}

/** The same few proxies ask again and again. */
const MOST_REMEMBERED = 200;
const remembered = new Map<string, boolean>();

function isNear(address: string): boolean {
  let near = remembered.get(address);
  if (near === undefined) {
    const version = isIP(address);
    near = version !== 0 && NEAR.check(address, version === 4 ? 'ipv4' : 'ipv6');
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(address, near);
  }
  return near;
}

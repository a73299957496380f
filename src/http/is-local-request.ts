/**
 * Whether a request comes from a person at this machine. The peer's address alone does not say so: a reverse proxy beside us sends the whole
 * world over loopback, and any web page can have the browser here call a name of its own that resolves to 127.0.0.1.
 */
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Headers that proxies add (RFC 7239, RFC 9110 §7.6.3, and what is older). */
const MARKS_OF_PROXIES = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** Over loopback, to a loopback name, and through nobody. `peer`: the other end's IP address, unknown when there was no socket. */
export function isLocalRequest(request: Request, peer: string | undefined): boolean {
  const isForwarded = MARKS_OF_PROXIES.some((name) => request.headers.has(name));
  return (
    !isForwarded &&
    peer !== undefined &&
    isLoopbackAddress(peer) &&
    isLoopbackName(new URL(request.url).hostname)
  );
}

function isLoopbackName(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '');
  // RFC 6761 §6.3: names below localhost never leave the machine.
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name);
}

function isLoopbackAddress(text: string): boolean {
  const version = isIP(text);
  // IPv4 seen over an IPv6 socket (`::ffff:127.0.0.1`) is matched by the IPv4 rule.
  return version !== 0 && LOOPBACK.check(text, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a link can work for a reader somewhere else: mail with dead links must not go out. */

/** RFC 2606 §2–3, RFC 6761 §6: names that stand for nothing on the Internet. */
const RESERVED = /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/;
const LOOPBACK =
  /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]|0\.0\.0\.0|\[::\])$/;

/** The URL's server is this machine. False for text that is no URL. */
export function isLoopbackUrl(text: string): boolean {
  const host = hostOf(text);
  return host !== null && LOOPBACK.test(host);
}

/** False for this machine and for names reserved for examples. True for text that is no URL: that is another mistake. */
export function isReachableUrl(text: string): boolean {
  const host = hostOf(text);
  return host === null || !(LOOPBACK.test(host) || RESERVED.test(host));
}

function hostOf(text: string): string | null {
  const host = URL.parse(text)?.hostname.toLowerCase().replace(/\.$/, '');
  return host === undefined || host === '' ? null : host;
}

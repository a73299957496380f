/** Where a request of ours may go: by its URL before anything is asked, and by each address that its name leads to. */
import { classifyAddress } from './classify-address.ts';

export type PlaceRules = {
  /** `''` is the scheme's own port. */
  readonly allowsPort: (port: string) => boolean;
  /** What is wrong with an IP address, or null. */
  readonly refuse: (address: string) => string | null;
};

/** What web servers of other people listen on. Elsewhere a stranger's URL would have us talk to what is no web server. */
const PORTS = new Set(['', '80', '443', '8080', '8443']);

export const PUBLIC_ONLY: PlaceRules = {
  allowsPort: (port) => PORTS.has(port),
  refuse: (address) => {
    const kind = classifyAddress(address);
    return kind === 'public' ? null : kind;
  },
};

/** For those who have hub and callbacks in their own network: there they listen anywhere. */
export const ANYWHERE: PlaceRules = { allowsPort: () => true, refuse: () => null };

export type JudgedUrl =
  | { readonly kind: 'fine'; readonly url: URL }
  | { readonly kind: 'refused'; readonly reason: string };

export function judgeUrl(text: string, { allowsPort }: Pick<PlaceRules, 'allowsPort'>): JudgedUrl {
  const refuse = (reason: string): JudgedUrl => ({ kind: 'refused', reason });
  const url = URL.parse(text);
  if (!url) return refuse('it is no absolute URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refuse('only http and https are spoken');
  if (url.username !== '' || url.password !== '') return refuse('it has a user or password in it');
  return allowsPort(url.port) ? { kind: 'fine', url } : refuse(`port ${url.port} is none of the web's`);
}

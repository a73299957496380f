/**
 * Addresses, parsed once and trusted after: an `Address` can be put into a header or an envelope as it is, for it
 * cannot hold a control character, a space, a comma or an angle bracket. There is no other way to make one.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

declare const parsed: unique symbol;

/** A mailbox, `local@domain`: the domain in lower-case A-labels, the local part as it was given. */
export type Address = string & { readonly [parsed]: 'address' };

/** An address with the name shown beside it (may be empty; never holds a control character). */
export type Mailbox = { readonly name: string; readonly address: Address };

export type AddressResult =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'not-an-address'; readonly reason: string };

/** RFC 5322 §3.2.3 dot-atom in ASCII, or with letters beyond it (RFC 6531); quoted local parts are refused: no list has honest ones. */
const LOCAL_PART = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
/** An A-label as people read it, which it can be (RFC 5890 §2.3.2.1): letters, digits and marks, and what RFC 5892 §2.6 and appendix A add. No slash that is none. */
const U_LABEL = /^(?!xn--)[\p{L}\p{N}\p{M}\u00b7\u0375\u05f3\u05f4\u30fb\-\u200c\u200d]+$/u;

/** Text → address. RFC 5321 §4.5.3.1: local part ≤ 64 octets, whole ≤ 254. IP literals and single labels are refused. */
export function parseAddress(text: string): AddressResult {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || at === trimmed.length - 1) return refuse('it needs a name, an @ and a domain');
  const local = trimmed.slice(0, at).normalize('NFC');
  if (!LOCAL_PART.test(local)) return refuse('the part before the @ has characters an address cannot have');
  if (Buffer.byteLength(local) > 64) return refuse('the part before the @ is longer than 64 bytes');
  const domain = parseDomain(trimmed.slice(at + 1));
  if (domain === null) return refuse('the part after the @ is not a domain name');
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(address) > 254) return refuse('it is longer than 254 bytes');
  return { kind: 'address', address: address as Address };
}

function parseDomain(text: string): string | null {
  // domainToASCII follows the URL standard, which forgives percent signs, tabs and IP forms; mail forgives none.
  if (/[\s%/?#@:[\]\\<>,;"()]/u.test(text) || text.length > 253) return null;
  const ascii = domainToASCII(text);
  const labels = ascii.split('.');
  const last = labels.at(-1) ?? '';
  const isDomain = labels.length > 1 && labels.every((label) => LABEL.test(label)) && /[a-z]/.test(last);
  return isDomain && canBeRead(ascii) ? ascii : null;
}

function canBeRead(ascii: string): boolean {
  return (
    !ascii.includes('xn--') ||
    domainToUnicode(ascii)
      .split('.')
      .every((label) => U_LABEL.test(label))
  );
}

function refuse(reason: string): AddressResult {
  return { kind: 'not-an-address', reason };
}

/** The part after the @, in A-labels. */
export function domainOf(address: Address): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** The form people read: the domain in U-labels. */
export function renderAddress(address: Address): string {
  return `${address.slice(0, address.lastIndexOf('@'))}@${domainToUnicode(domainOf(address))}`;
}

/**
 * What two spellings of one mailbox share: lower case. Dots and plus tags are kept, for they are the owner's to
 * mean. Uniqueness in the store is by this key.
 */
export function addressKey(address: Address): string {
  return address.toLowerCase();
}

/** No two parts of it can match the same white space: a line of nothing else must not take for ever. */
const BRACKETED = /^(?:"((?:[^"\\]|\\.)*)"\s*|([^<>"]*))<([^<>]+)>$/u;

/** Text such as `Ann Lee <ann@example.org>` or a bare address → mailbox. Control characters in the name are refused. */
export function parseMailbox(text: string): Mailbox | null {
  const bracketed = BRACKETED.exec(text.trim());
  const name = (bracketed?.[1]?.replace(/\\(.)/gu, '$1') ?? bracketed?.[2] ?? '').trim();
  const result = parseAddress(bracketed?.[3] ?? text);
  return result.kind === 'address' && !/\p{Cc}/u.test(name) ? { name, address: result.address } : null;
}

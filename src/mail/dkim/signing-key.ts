/** The private key that signs mail, with the names it is found under. Whatever could make a signature worthless is refused here, before anything is frozen. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { type Address, domainOf } from '../../domain/address.ts';
import { OperatorError } from '../../domain/operator-error.ts';

export type SigningAlgorithm = 'rsa-sha256' | 'ed25519-sha256';

/** Plain data and a private `KeyObject`: it may be posted to a thread. */
export type SigningKey = {
  /** `d=`: the domain of From, or one above it. */
  readonly domain: string;
  /** `s=`: the record is at `SELECTOR._domainkey.DOMAIN`. */
  readonly selector: string;
  readonly algorithm: SigningAlgorithm;
  readonly key: KeyObject;
};

export type KeySource = {
  readonly pem: string;
  readonly selector: string;
  readonly domain: string;
  /** What digests come from. */
  readonly from: Address;
  readonly algorithm: SigningAlgorithm;
  /** How messages call the key: its path. Nothing of its content is ever shown. */
  readonly name: string;
};

const MAKE_ONE = 'Make one with `renga dkim new`.';

/** Throws OperatorError, with a hint, for a key, a selector or a domain that receivers could not use. */
export function readSigningKey({ pem, selector, domain, from, algorithm, name }: KeySource): SigningKey {
  checkSelector(selector);
  checkAlignment(domain.toLowerCase(), from);
  const key = parseKey(pem, name);
  checkType(key, algorithm, name);
  checkPair(key, algorithm, name);
  return { domain: domain.toLowerCase(), selector: selector.toLowerCase(), algorithm, key };
}

/** RFC 6376 §3.1: labels of DNS with dots between them; with `._domainkey.` and a domain it must stay a name of DNS. */
export function checkSelector(selector: string): void {
  const isName = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i.test(selector);
  if (isName && selector.length <= 100) return;
  throw new OperatorError(
    `The DKIM selector ${JSON.stringify(selector.slice(0, 100))} cannot be a name in DNS.`,
    'Use letters, digits, hyphens and dots, such as renga-2026-11.',
  );
}

/** RFC 7489 §3.1.1, relaxed: DMARC passes mail whose d= is the domain of From or an organisation's domain above it. */
function checkAlignment(domain: string, from: Address): void {
  const own = domainOf(from);
  const isAbove = domain.includes('.') && own.endsWith(`.${domain}`);
  if (own === domain || isAbove) return;
  throw new OperatorError(
    `dkim.domain is ${domain}, but digests come from ${own}: receivers would take the signature for a stranger's.`,
    `Leave dkim.domain out, or set it to ${own} or a domain above it.`,
  );
}

function parseKey(pem: string, name: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch (error) {
    throw explain(pem, name, error);
  }
}

function explain(pem: string, name: string, cause: unknown): OperatorError {
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    const hint = `Take the passphrase off (openssl pkey -in ${name} -out FILE) and let nobody else read the file.`;
    return new OperatorError(`The DKIM key ${name} is encrypted with a passphrase.`, hint, { cause });
  }
  if (/^-----BEGIN (?:RSA )?PUBLIC KEY-----|^-----BEGIN CERTIFICATE-----/m.test(pem)) {
    const hint = 'Name the file of the private key; the public one belongs into DNS.';
    return new OperatorError(`The DKIM key ${name} is a public key.`, hint, { cause });
  }
  const hint = `It must be a private key in PEM, which begins with -----BEGIN PRIVATE KEY-----. ${MAKE_ONE}`;
  return new OperatorError(`The DKIM key ${name} is not a key.`, hint, { cause });
}

function checkType(key: KeyObject, algorithm: SigningAlgorithm, name: string): void {
  const wanted = algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519';
  const type = key.asymmetricKeyType ?? 'unknown';
  if (type !== wanted) {
    const place = algorithm === 'rsa-sha256' ? 'dkim.key' : 'dkim.ed25519.key';
    const hint =
      type === 'ed25519'
        ? 'Put it under dkim.ed25519, and an RSA key here: many receivers know RSA only.'
        : `Make one with \`renga dkim new${wanted === 'ed25519' ? ' --ed25519' : ''}\`.`;
    throw new OperatorError(`The DKIM key ${name} is of type ${type}; ${place} must be ${wanted}.`, hint);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength;
  // RFC 8301 §3.2: shorter ones must not be used, and receivers need not know longer ones.
  if (bits === undefined || (bits >= 1024 && bits <= 4096)) return;
  throw new OperatorError(
    `The DKIM key ${name} has ${bits} bits; receivers accept 1024 to 4096.`,
    `Use 2048. ${MAKE_ONE}`,
  );
}

/** A file that was damaged may still parse; its signatures would fail everywhere but here. */
function checkPair(key: KeyObject, algorithm: SigningAlgorithm, name: string): void {
  const probe = Buffer.from('a sentence to sign');
  const digest = algorithm === 'rsa-sha256' ? 'sha256' : null;
  if (verify(digest, probe, createPublicKey(key), trySign(digest, probe, key))) return;
  throw new OperatorError(`The DKIM key ${name} is damaged: what it signs cannot be verified.`, MAKE_ONE);
}

function trySign(digest: string | null, data: Uint8Array, key: KeyObject): Buffer {
  try {
    return sign(digest, data, key);
  } catch {
    return Buffer.alloc(0);
  }
}

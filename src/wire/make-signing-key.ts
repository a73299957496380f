/** Wires `renga dkim new`. */
import { readConfig } from '../config/read-config.ts';
import { domainOf } from '../domain/address.ts';
import { OperatorError } from '../domain/operator-error.ts';
import { UNKNOWN_DOMAIN } from '../config/compose-config.ts';
import { type KeyRequest, type MadeKey, makeKeyFile } from '../mail/dkim/make-key-file.ts';
import { now } from './clock.ts';

/**
 * Makes a signing key for the domain that the config names; the selector, if none is given, has the month in it. The keys of the config are
 * not read: what is missing there may be what is made here. Throws OperatorError when the config names no domain that could sign.
 */
export async function makeSigningKey(
  root: string,
  {
    selector,
    algorithm,
    bits,
  }: Pick<KeyRequest, 'algorithm' | 'bits'> & { readonly selector: string | null },
): Promise<MadeKey> {
  const { dkim, publication } = await readConfig({ root, environment: process.env });
  const month = now().toZonedDateTimeISO(publication.zone).toPlainDate().toPlainYearMonth().toString();
  const suffix = algorithm === 'ed25519-sha256' ? '-ed25519' : '';
  return await makeKeyFile({
    root,
    domain: dkim?.domain ?? requireDomain(domainOf(publication.from.address)),
    selector: selector ?? `renga-${month}${suffix}`,
    algorithm,
    bits,
  });
}

/** A record under a domain that nobody has would be put into DNS by nobody. */
function requireDomain(domain: string): string {
  if (domain !== UNKNOWN_DOMAIN) return domain;
  throw new OperatorError(
    'config/renga.yaml does not say which domain the digests come from, so there is none to sign for.',
    'Set `from` first: Ann Lee <ann@example.org>.',
  );
}

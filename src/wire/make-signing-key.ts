/** Wires `renga dkim new`. */
import { readConfig } from '../config/read-config.ts';
import { domainOf } from '../domain/address.ts';
import { type KeyRequest, type MadeKey, makeKeyFile } from '../mail/dkim/make-key-file.ts';
import { now } from './clock.ts';

/**
 * Makes a signing key for the domain that the config names; the selector, if none is given, has the month in it. The keys of the config are
 * not read: what is missing there may be what is made here.
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
    domain: dkim?.domain ?? domainOf(publication.from.address),
    selector: selector ?? `renga-${month}${suffix}`,
    algorithm,
    bits,
  });
}

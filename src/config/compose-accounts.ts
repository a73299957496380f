/** What the file says of accounts → those the program works with: named, with their limits as intervals. */
import { intervalOf } from '../domain/account.ts';
import { domainOf, parseAddress } from '../domain/address.ts';
import type { AccountSetting } from './config.ts';
import type { MisplacedValue } from './mistake.ts';
import type { WrittenAccount } from './smtp-schema.ts';

export function composeAccount(written: WrittenAccount): AccountSetting {
  const { url, connections, weight, maxMessages, rate, domains, warmUp } = written;
  const limits = Object.entries(domains).map(([domain, { connections: most, ...domainRate }]) => [
    normalDomain(domain),
    { interval: intervalOf(domainRate), connections: most ?? null },
  ]);
  return {
    name: nameOf(written),
    url,
    connections,
    weight,
    maxMessages,
    interval: intervalOf(rate),
    domains: Object.fromEntries(limits),
    warmUp,
  };
}

/** Pauses and limits are kept by name: two accounts of one name would share them. */
export function checkAccountNames(smtp: unknown): readonly MisplacedValue[] {
  if (!Array.isArray(smtp)) return [];
  const accounts = smtp as readonly WrittenAccount[];
  return accounts.flatMap((account, index) => {
    const isTaken = accounts.slice(0, index).some((other) => nameOf(other) === nameOf(account));
    const message = `smtp.${index}.name is that of another account: give each a name of its own`;
    return isTaken ? [{ path: ['smtp', index, 'name'], message }] : [];
  });
}

/** A host is no secret, unlike the rest of the URL. */
function nameOf({ name, url }: WrittenAccount): string {
  return name ?? new URL(url).hostname;
}

function normalDomain(text: string): string {
  const result = parseAddress(`any@${text}`);
  return result.kind === 'address' ? domainOf(result.address) : text;
}

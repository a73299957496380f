/** Whether DNS says of a key what receivers need to hear. Never fails: no network is an answer too. */
import { Resolver } from 'node:dns/promises';
import { composeKeyRecord } from './key-record.ts';
import type { SigningKey } from './signing-key.ts';

/** Name → TXT records, each in its strings. Rejects as `node:dns` does. */
export type ResolveTxt = (name: string) => Promise<readonly (readonly string[])[]>;

export type RecordFinding =
  | { readonly kind: 'published' }
  | { readonly kind: 'missing' }
  /** There is one, and with it every signature fails; `reason` says why. */
  | { readonly kind: 'useless'; readonly reason: string }
  /** DNS did not answer; `reason` is its error code. */
  | { readonly kind: 'unknown'; readonly reason: string };

const LOOK_UP_MILLISECONDS = 2000;

/** A resolver that gives up soon: a check must not hang where there is no network. */
export function openTxtResolver(): ResolveTxt {
  return async (name) =>
    await new Resolver({
      timeout: LOOK_UP_MILLISECONDS,
      tries: 1,
      maxTimeout: LOOK_UP_MILLISECONDS,
    }).resolveTxt(name);
}

export async function lookUpRecord(key: SigningKey, resolveTxt: ResolveTxt): Promise<RecordFinding> {
  const { name, value } = composeKeyRecord(key);
  let records: readonly (readonly string[])[];
  try {
    records = await resolveTxt(name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return code === 'ENOTFOUND' || code === 'ENODATA'
      ? { kind: 'missing' }
      : { kind: 'unknown', reason: code };
  }
  const found = records.map((strings) => strings.join(''));
  if (found.length === 0) return { kind: 'missing' };
  // RFC 6376 §3.6.2.2: what receivers make of several records is undefined.
  if (found.length > 1)
    return { kind: 'useless', reason: `there are ${found.length} records under the name` };
  return judge(readTags(found[0] ?? ''), readTags(value));
}

/** RFC 6376 §3.6.1. */
function judge(found: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): RecordFinding {
  const useless = (reason: string): RecordFinding => ({ kind: 'useless', reason });
  if ((found.get('v') ?? 'DKIM1') !== 'DKIM1') return useless('it does not begin with v=DKIM1');
  const key = found.get('p');
  if (key === undefined) return useless('it has no p=');
  if (key === '') return useless('its p= is empty, which means the key was revoked');
  if ((found.get('k') ?? 'rsa') !== wanted.get('k')) return useless('it is for a key of another type (k=)');
  if (key !== wanted.get('p')) return useless('its p= is of another key, or was cut');
  const hashes = found.get('h');
  if (hashes !== undefined && !hashes.split(':').includes('sha256'))
    return useless('its h= leaves sha256 out');
  const services = found.get('s')?.split(':');
  if (services && !services.includes('*') && !services.includes('email'))
    return useless('its s= leaves e-mail out');
  return { kind: 'published' };
}

/** RFC 6376 §3.2: `name=value` between semicolons; no tag used here has white space that means anything. */
function readTags(record: string): ReadonlyMap<string, string> {
  const tags = record.split(';').map((tag): [string, string] => {
    const [name = '', ...value] = tag.replace(/\s/g, '').split('=');
    return [name, value.join('=')];
  });
  return new Map(tags);
}

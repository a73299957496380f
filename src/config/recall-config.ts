/**
 * Configs that were found right, kept in the cache: a run then needs none of what reads and checks one, which takes as long as all else that a short run
 * does. Kept under everything that it depends on, and never with a secret.
 */
import { hash } from 'node:crypto';
import type { Cache } from '../domain/cache.ts';
import type { Config } from './config.ts';

/** Where configs are kept, and by which program: another may understand the same text otherwise. */
export type ConfigBook = { readonly cache: Pick<Cache, 'get' | 'put'>; readonly build: string };

/** What a config is made from, besides the program and the environment. */
export type ConfigOrigin = {
  readonly text: string;
  readonly root: string;
  readonly port?: number | undefined;
};

const KIND = 'config';

/** Null where there is none for just this. */
export function recallConfig(book: ConfigBook, origin: ConfigOrigin): Config | null {
  const head = headOf(book, origin);
  const kept = book.cache.get(KIND, keyOf(origin));
  if (kept?.startsWith(head) !== true) return null;
  try {
    return JSON.parse(kept.slice(head.length), (_, value: unknown) => unpack(value)) as Config;
  } catch {
    return null;
  }
}

/** `config` must be the same in any environment, which is where most secrets are, and have no others. */
export function keepConfig(book: ConfigBook, origin: ConfigOrigin, config: Config): void {
  const value = `${headOf(book, origin)}${JSON.stringify(pack(config))}`;
  book.cache.put(KIND, new Map([[keyOf(origin), value]]));
}

/** Whether something in it lets whoever knows it in somewhere. */
export function hasSecret({ smtp, server, database }: Config): boolean {
  const urls = [database, ...(smtp.kind === 'accounts' ? smtp.accounts.map(({ url }) => url) : [])];
  return server.metrics.kind === 'token' || urls.some((url) => url.includes('@'));
}

/** Where a port is given, a run asks for the config without it as well. */
function keyOf({ port }: ConfigOrigin): string {
  return port === undefined ? 'as written' : 'with a port';
}

function headOf({ build }: ConfigBook, { text, root, port }: ConfigOrigin): string {
  return `${hash('sha256', JSON.stringify([build, root, port ?? null, text]))}\n`;
}

const DURATION = '$duration';
const INSTANT = '$instant';

function pack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Temporal.Duration) return { [DURATION]: value.toString() };
  if (value instanceof Temporal.Instant) return { [INSTANT]: value.toString() };
  if (Array.isArray(value)) return value.map(pack);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pack(inner)]));
}

function unpack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { [DURATION]: duration, [INSTANT]: instant } = value as Readonly<Record<string, unknown>>;
  if (typeof duration === 'string') return Temporal.Duration.from(duration);
  return typeof instant === 'string' ? Temporal.Instant.from(instant) : value;
}

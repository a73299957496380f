/**
 * The port that `serve` had last, where it was another than the config's: the links that other commands make lead there too, as long as config names no
 * address. What cannot be read is as if it was never noted.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Noted = { readonly configured: number; readonly served: number };

const fileIn = (root: string): string => join(root, 'var', 'served-port.json');

/** `var/` must be there. */
export async function notePort(root: string, { configured, served }: Noted): Promise<void> {
  if (configured === served) await rm(fileIn(root), { force: true });
  else await writeFile(fileIn(root), JSON.stringify({ configured, served }));
}

/** Null where there is none, or where the config has another port since. */
export async function recallPort(root: string, configured: number): Promise<number | null> {
  const noted = await readNoted(root);
  return noted?.configured === configured ? (noted.served ?? null) : null;
}

async function readNoted(root: string): Promise<Partial<Noted> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(fileIn(root), 'utf8'));
    return isNoted(value) ? value : null;
  } catch {
    return null;
  }
}

function isNoted(value: unknown): value is Noted {
  if (typeof value !== 'object' || value === null) return false;
  const { configured, served } = value as Partial<Record<keyof Noted, unknown>>;
  return [configured, served].every(
    (port) => Number.isInteger(port) && Number(port) >= 0 && Number(port) < 65_536,
  );
}

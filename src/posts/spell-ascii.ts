/** Any script → ASCII letters that sound or look like it, for names in URLs and on disks. The one door to `any-ascii`. */
import { createRequire } from 'node:module';

type AnyAscii = { readonly default: (text: string) => string };

/** Loaded with the first name that needs it: its tables are half a megabyte. */
let loaded: AnyAscii | null = null;

/** `古池` → `GuChi`. Text spelt with combining marks gives the same as text without. */
export function spellAscii(text: string): string {
  if (/^\p{ASCII}*$/u.test(text)) return text;
  loaded ??= createRequire(import.meta.url)('any-ascii') as AnyAscii;
  return loaded.default(text.normalize('NFC'));
}

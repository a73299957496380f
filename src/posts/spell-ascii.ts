/** Any script → ASCII letters that sound or look like it, for names in URLs and on disks. The one door to `any-ascii`. */
import anyAscii from 'any-ascii';

/** `古池` → `GuChi`. Text spelt with combining marks gives the same as text without. */
export function spellAscii(text: string): string {
  return anyAscii(text.normalize('NFC'));
}

/**
 * A tag's name in URLs: `home servers` → `home-servers`. Plain words keep their spelling, with a hyphen for a space, and so are one tag in either form.
 * A name that is more than that carries a hash, so that no two of them ever share a page, whatever tags come later.
 */
import { hash } from 'node:crypto';
import { spellAscii } from './spell-ascii.ts';

const LONGEST = 60;
/** Device names of Windows: not even a folder can have them. */
const DEVICES = /^(?:con|prn|aux|nul|clock|conin|conout|com\d|lpt\d)$/;
/** What a hash looks like: a plain name that ends so could be somebody else's. */
const HASHED = /(?:^|-)[0-9a-f]{8}$/;

export function composeTagSlug(tag: string): string {
  const name = tag.normalize('NFC').toLowerCase().trim().replace(/\s+/gu, ' ');
  const plain = name.replaceAll(' ', '-');
  const isPlain = /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(plain) && plain.length <= LONGEST;
  if (isPlain && !DEVICES.test(plain) && !HASHED.test(plain)) return plain;
  const spelt = spellAscii(name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST);
  return `${spelt.replace(/^-+|-+$/g, '')}-${hash('sha256', name).slice(0, 8)}`.replace(/^-/, '');
}

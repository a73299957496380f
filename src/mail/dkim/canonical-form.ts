/**
 * The relaxed canonical form of DKIM (RFC 6376 §3.4.2, §3.4.4): what a signature is made over, so that a server that folds anew or trims a line
 * breaks none. Text here is latin1, one character per byte, so that bytes of any charset pass unchanged. Only space and tab are white space.
 */

/** RFC 6376 §3.4.2: a field, folded or not, without its line end → `name:value` and CRLF. */
export function canonicaliseField(field: string): string {
  const colon = field.indexOf(':');
  const name = field
    .slice(0, colon)
    .replace(/[ \t]+$/, '')
    .toLowerCase();
  const value = collapse(field.slice(colon + 1).replaceAll('\r\n', '')).replace(/^ | $/g, '');
  return `${name}:${value}\r\n`;
}

/** RFC 6376 §3.4.4 (a): lines inside a body: no white space at their ends, single spaces elsewhere. */
export function canonicaliseLines(text: string): string {
  return collapse(text).replaceAll(' \r\n', '\r\n');
}

/** RFC 6376 §3.4.4 (b): what stands after the last ink of a body: its empty lines go, and one line end stays where there is anything to end. */
export function canonicaliseEnd(white: string, hasInk: boolean): string {
  const kept = canonicaliseLines(white)
    .replace(/ $/, '')
    .replace(/(?:\r\n)+$/, '');
  return kept === '' && !hasInk ? '' : `${kept}\r\n`;
}

function collapse(text: string): string {
  return text.replace(/[ \t]+/g, ' ');
}

/** Text between what is white (space, tab, CR, LF) on both its sides; all of it is `lead` where there is no ink. */
export type Stretch = { readonly lead: string; readonly ink: string; readonly tail: string };

/** The canonical form of `ink` depends on nothing around it; that of white space does, on what it meets at either side. */
export function splitStretch(text: string): Stretch {
  let start = 0;
  while (start < text.length && isWhite(text.charCodeAt(start))) start += 1;
  let end = text.length;
  while (end > start && isWhite(text.charCodeAt(end - 1))) end -= 1;
  return { lead: text.slice(0, start), ink: text.slice(start, end), tail: text.slice(end) };
}

function isWhite(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

/**
 * Plain front matter → its fields, without the package `yaml`, which takes longer over ten lines than the rest of a post takes to be read: lines `key: value` with a
 * text or a list, or a list below. Whatever else it meets, it gives up (null) and the package decides. For what it takes, both give the same.
 */
import type { Field, FieldValue } from './front-matter-field.ts';

/** Longer lines are for the package, so that no expression here meets one that was made for it. */
const LONGEST_LINE = 2_000;

const KEY = /^([A-Za-z][\w-]{0,99}):(?: +(.*))?$/u;
/** To YAML 1.2 these are no names. */
const NO_NAME = /^(?:null|true|false)$/i;
const ITEM_BELOW = /^( *)- +(.*)$/u;

/** No escapes: what stands between the quotes is the text. */
const QUOTED = /^(?:"([^"\\\p{C}]*)"|'([^'\p{C}]*)') *$/u;
/** YAML 1.2 §7.3.3, and less: it begins with a letter, a digit or what paths begin with, and nothing in it could end it. */
const BARE = /^[\p{L}\p{N}_./](?:[^\p{C}\p{Z}#:]| |:(?=[^\p{C}\p{Z}]))*$/u;
const NULL = /^(?:null|Null|NULL)$/;
/** One item of a list on one line, and what follows it. */
const ITEM =
  /(?:"([^"\\\p{C}]*)"|'([^'\p{C}]*)'|([\p{L}\p{N}_./][^\p{C}\p{Z}#:,[\]{}]*(?: +[^\p{C}\p{Z}#:,[\]{}]+)*)) *(, *|\] *$)/uy;

/** `firstLine` is the one-based line of the file that the text begins on. */
export function readPlainFields(text: string, firstLine: number): ReadonlyMap<string, Field> | null {
  const fields = new Map<string, Field>();
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; ) {
    const line = lines[index] ?? '';
    const [, name, written = ''] = (line.length > LONGEST_LINE ? null : KEY.exec(line)) ?? [];
    if (name === undefined || NO_NAME.test(name) || fields.has(name)) return null;
    const items = written === '' ? readItemsBelow(lines, index + 1) : [];
    const value = items && (items.length > 0 ? { kind: 'list' as const, items } : readValue(written));
    if (!value) return null;
    fields.set(name, { line: firstLine + index, value });
    index += 1 + (items?.length ?? 0);
  }
  return fields;
}

function readValue(written: string): FieldValue | null {
  if (written === '') return { kind: 'empty' };
  return written.startsWith('[') ? readList(written) : readText(written);
}

function readText(written: string): FieldValue | null {
  const [quoted, double, single] = QUOTED.exec(written) ?? [];
  if (quoted !== undefined) return { kind: 'text', text: double ?? single ?? '' };
  return BARE.test(written) ? readBare(written.trimEnd()) : null;
}

function readBare(text: string): FieldValue {
  return NULL.test(text) ? { kind: 'empty' } : { kind: 'text', text };
}

/** `[a, "b"]` */
function readList(written: string): FieldValue | null {
  if (/^\[ *\] *$/.test(written)) return { kind: 'list', items: [] };
  const items: FieldValue[] = [];
  ITEM.lastIndex = 1 + written.slice(1).search(/[^ ]/);
  for (;;) {
    const match = ITEM.exec(written);
    if (!match) return null;
    const [, double, single, bare, end = ''] = match;
    items.push(bare === undefined ? { kind: 'text', text: double ?? single ?? '' } : readBare(bare));
    if (end.startsWith(']')) return { kind: 'list', items };
  }
}

/** The lines `- a` from `start` on, all set in alike; none where there is no such line. */
function readItemsBelow(lines: readonly string[], start: number): readonly FieldValue[] | null {
  const items: FieldValue[] = [];
  let indent: string | null = null;
  for (const line of lines.slice(start)) {
    const [, own, written = ''] = (line.length > LONGEST_LINE ? null : ITEM_BELOW.exec(line)) ?? [];
    if (own === undefined) break;
    indent ??= own;
    const item = own === indent && written !== '' ? readText(written) : null;
    if (!item) return null;
    items.push(item);
  }
  return items;
}

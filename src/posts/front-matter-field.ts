/** The fields of a post's front matter, as they are written: what each means is for `read-front-matter.ts` to say. */

export type FieldValue =
  /** Quoted or plain text; numbers and booleans as they are written too, so that `title: 1984` is a title. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly FieldValue[] }
  | { readonly kind: 'empty' }
  /** What no field of a post can be; `what` names it for people: `a mapping`. */
  | { readonly kind: 'other'; readonly what: string };

/** `line` is the one-based line in the file. */
export type Field = { readonly line: number; readonly value: FieldValue };

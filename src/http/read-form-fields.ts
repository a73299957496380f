/** What a form sends, in each of the encodings it may come in, as the fields of a sign-up. */
import type { SignUpFields } from '../domain/sign-up-fields.ts';
import { parseForm } from './read-small-body.ts';

/** `token`: that our own form carries. `trap`: a field that no person sees; filled in, it was no person. */
export type SentForm = SignUpFields & {
  readonly token: string;
  readonly trap: string;
  readonly isJson: boolean;
};

/** Null for what is no form. */
export async function readSentForm(
  contentType: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<SentForm | null> {
  return isJsonType(contentType) ? readJson(bytes) : readForm(await parseForm(contentType, bytes));
}

function isJsonType(contentType: string): boolean {
  return /^application\/json\s*(?:;|$)/i.test(contentType.trim());
}

/** How the two encodings give what stands under a name: one text or none, and all there are. */
type Reader = {
  readonly text: (name: string) => string;
  readonly texts: (name: string) => readonly string[];
};

function composeSentForm({ text, texts }: Reader, isJson: boolean): SentForm {
  return {
    address: text('address'),
    name: text('name'),
    series: texts('series'),
    tags: texts('tags'),
    token: text('form'),
    trap: text('website'),
    isJson,
  };
}

function readForm(form: FormData | null): SentForm | null {
  if (form === null) return null;
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const texts = (name: string): readonly string[] =>
    form.getAll(name).filter((value) => typeof value === 'string');
  return composeSentForm({ text, texts }, false);
}

function readJson(bytes: Uint8Array): SentForm | null {
  const value = parseObject(bytes);
  if (value === null) return null;
  const text = (name: string): string => {
    const found = value[name];
    return typeof found === 'string' ? found : '';
  };
  const texts = (name: string): readonly string[] => {
    const found = value[name];
    if (typeof found === 'string') return [found];
    return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
  };
  return composeSentForm({ text, texts }, true);
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}

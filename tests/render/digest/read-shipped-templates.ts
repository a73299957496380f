/** The templates that come with Renga, as tests need them. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Templates } from '../../../src/render/templates.ts';

const FOLDER = new URL('../../../templates/', import.meta.url);

export function readShippedTemplates(changes: Readonly<Record<string, string>> = {}): Templates {
  const shipped = readdirSync(FOLDER)
    .filter((name) => name.includes('.'))
    .map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')] as const);
  const all = { ...Object.fromEntries(shipped), ...changes };
  return new Map(Object.entries(all).map(([name, text]) => [name, { text, path: `templates/${name}` }]));
}

/** `${NAME}` in the values of a YAML document takes what the environment says, so that no secret stands in the file. */
import { type Document, isPair, isScalar, visit, type Scalar } from 'yaml';
import type { Mistake } from './mistake.ts';

const VARIABLE = /\$\{([^{}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Changes the document's values, never its keys. Answers the variables that are not set; their places are left as they were. */
export function fillVariables(
  document: Document.Parsed,
  environment: Readonly<Record<string, string | undefined>>,
  lineAt: (offset: number) => number,
): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (key === 'key' || typeof node.value !== 'string') return;
      const written = node.value;
      const missing = listNames(written).filter((name) => !isSet(environment, name));
      const line = lineAt(node.range?.[0] ?? 0);
      mistakes.push(...missing.map((name) => ({ line, message: describeMissing(name) })));
      if (missing.length > 0 || !written.includes('${')) return;
      const isUrl = namesOf(ancestors).join('.') === 'smtp.url';
      const filled = written.replace(VARIABLE, (whole, name: string, offset: number) => {
        const value = environment[name] ?? whole;
        return isUrl && isLogin(written, offset) ? encodeURIComponent(value) : value;
      });
      node.value = typed(filled, written, node);
    },
  });
  return mistakes;
}

function listNames(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].map(([, name = '']) => name);
}

function isSet(environment: Readonly<Record<string, string | undefined>>, name: string): boolean {
  return NAME.test(name) && Object.hasOwn(environment, name) && environment[name] !== '';
}

function describeMissing(name: string): string {
  return NAME.test(name)
    ? `the environment variable ${name} is not set, or empty`
    : '${…} must hold the name of an environment variable: letters, digits and _';
}

function namesOf(ancestors: readonly unknown[]): readonly string[] {
  return ancestors.flatMap((node) => (isPair(node) && isScalar(node.key) ? [String(node.key.value)] : []));
}

/** Between `//` and `@`: there a password may hold what would mean something in a URL (RFC 3986 §3.2.1). */
function isLogin(written: string, offset: number): boolean {
  return (
    /^smtps?:\/\//i.test(written.slice(0, offset)) &&
    written.slice(offset).replace(VARIABLE, '').includes('@')
  );
}

/** `port: ${PORT}` is a number as `port: 8420` is; in quotes it stays text, also as YAML has it. */
function typed(filled: string, written: string, node: Scalar): unknown {
  const isAlone = node.type === 'PLAIN' && /^\$\{[^{}]*\}$/.test(written);
  if (isAlone && /^\d{1,15}$/.test(filled)) return Number(filled);
  return isAlone && /^(?:true|false)$/.test(filled) ? filled === 'true' : filled;
}

/** What the schema found, in words: the key, what is expected of it, and the right key where a wrong one was written. */
import type { z } from 'zod';
import { type MisplacedValue, renderKey } from './mistake.ts';
import { nearestName } from './nearest-name.ts';
import type { JsonSchema } from './render-config-schema.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** `values` is what the schema was given: it tells what is missing from what is wrong. */
export function describeIssue(issue: Issue, values: unknown, schema: JsonSchema): readonly MisplacedValue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => describeUnknownKey([...issue.path, key], schema));
  }
  if (issue.code === 'invalid_union') return describeUnion(issue, values, schema);
  const isMissing = valueAt(values, issue.path) === undefined;
  const message = `${renderKey(issue.path) || 'the file'} ${isMissing ? 'is missing: it ' : ''}${issue.message}`;
  return [{ path: issue.path, message }];
}

/** The form that was meant is the one whose own type fits, if there is one. */
function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  values: unknown,
  schema: JsonSchema,
): readonly MisplacedValue[] {
  const meant = issue.errors.find((found) =>
    found.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
  if (!meant) return [{ path: issue.path, message: `${renderKey(issue.path)} ${issue.message}` }];
  return meant.flatMap((inner) =>
    describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, values, schema),
  );
}

function describeUnknownKey(path: Path, schema: JsonSchema): MisplacedValue {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const names = keysAt(schema, parent);
  const nearest = nearestName(key, names);
  const elsewhere = nearest === null ? findKey(schema, key) : null;
  const advice =
    nearest !== null
      ? `did you mean ${nearest}?`
      : elsewhere !== null
        ? `it belongs under ${renderKey(elsewhere)}`
        : `there are ${names.join(', ')}`;
  return { path, message: `${renderKey(path)} is not a key: ${advice}` };
}

/** The keys that may stand at a place. */
function keysAt(schema: JsonSchema | undefined, path: Path): readonly string[] {
  const branches = branchesOf(schema);
  const [key, ...rest] = path;
  if (key === undefined) return branches.flatMap((branch) => Object.keys(branch.properties ?? {}));
  return branches.flatMap((branch) => keysAt(childOf(branch, String(key)), rest));
}

function childOf(schema: JsonSchema, key: string): JsonSchema | undefined {
  const child = schema.properties?.[key] ?? schema.additionalProperties ?? schema.items;
  return typeof child === 'object' && !Array.isArray(child) ? child : undefined;
}

function branchesOf(schema: JsonSchema | undefined): readonly JsonSchema[] {
  return schema ? [schema, ...((schema.anyOf ?? []) as readonly JsonSchema[])] : [];
}

/** The section that has a key of exactly this name, one level down. */
function findKey(schema: JsonSchema, key: string): Path | null {
  const sections = Object.keys(schema.properties ?? {});
  const section = sections.find((name) => keysAt(schema, [name]).includes(key));
  return section === undefined ? null : [section];
}

function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    values,
  );
}

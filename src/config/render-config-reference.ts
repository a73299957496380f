/** The reference of `config/renga.yaml` as a document: every key, what it is for, what it may be, and its default, all of it from the schema. */
import { composeJsonSchema } from './render-config-schema.ts';

type Schema = {
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
};

type Setting = {
  /** `series.NAME.schedule`. */
  readonly key: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
};

const OPENING = `# The settings

Every key of \`config/renga.yaml\`, with its default; where that is empty, there is none, or it is said beside it. This page is made from the schema
that the program itself reads by (\`npx vitest run tests/config -u\` rewrites it), so it is complete. The config of the sample publication in
Renga's repository shows the keys in use.

- The file is YAML 1.2. Dots stand for nesting: \`server.port\` is the line \`port:\` below \`server:\`. NAME stands for a name that you choose.
- A key that is not here is a mistake; Renga names its line, and the key that may have been meant.
- \`\${NAME}\` takes a value from the environment. Keep passwords there.
- Editors that know YAML complete and explain the keys: \`renga init\` lays the schema beside the config.
`;

export function renderConfigReference(): string {
  const { properties = {} } = composeJsonSchema() as Schema;
  const sections = Object.entries(properties).map(([name, schema]) => renderSection(name, schema));
  return [OPENING, ...sections].join('\n');
}

function renderSection(name: string, schema: Schema): string {
  const settings = listSettings(name, schema, false);
  const rows = [...new Map(settings.map((setting) => [setting.key, setting])).values()].map(renderRow);
  const intro = rows.length > 1 && schema.description ? `${schema.description}\n\n` : '';
  return `## ${name}\n\n${intro}| key | default | what it is for |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** A setting and those below it; what can be written in several ways has the keys of all of them. */
function listSettings(key: string, schema: Schema, isRequired: boolean): readonly Setting[] {
  const below = waysOf(schema).flatMap((way) => listBelow(key, way));
  const own = schema.properties === undefined && schema.additionalProperties === undefined;
  return own ? [{ key, schema, isRequired }, ...below] : below;
}

function waysOf(schema: Schema): readonly Schema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [schema, ...inner.flatMap(waysOf)];
}

function listBelow(
  key: string,
  { properties = {}, required = [], additionalProperties }: Schema,
): readonly Setting[] {
  const named = Object.entries(properties).flatMap(([name, inner]) =>
    listSettings(`${key}.${name}`, inner, required.includes(name)),
  );
  return additionalProperties
    ? named.concat(listSettings(`${key}.NAME`, additionalProperties, false))
    : named;
}

function renderRow({ key, schema, isRequired }: Setting): string {
  const cells = [`\`${key}\``, renderDefault(schema, isRequired), describe(schema)];
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function renderDefault(schema: Schema, isRequired: boolean): string {
  if (isRequired) return '_needed_';
  if (schema.default === undefined) return '';
  return `\`${typeof schema.default === 'string' ? schema.default || "''" : JSON.stringify(schema.default)}\``;
}

function describe(schema: Schema): string {
  return [schema.description ?? '', renderChoices(schema)].filter((part) => part !== '').join(' ');
}

/** `skip` or `include`; From 1 to 100. */
function renderChoices({ enum: words, type = '', minimum, maximum }: Schema): string {
  if (words) return `One of ${words.map((word) => `\`${String(word)}\``).join(', ')}.`;
  if (type.includes('boolean')) return '`true` or `false`.';
  return minimum === undefined || maximum === undefined ? '' : `From ${minimum} to ${maximum}.`;
}

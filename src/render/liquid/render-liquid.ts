/**
 * Liquid, strict: an unknown variable or filter is an error with its file and line, inherited properties do not exist, output is
 * escaped unless it says `raw`, and only the given templates can be included.
 */
import { Liquid, type LiquidOptions } from 'liquidjs';
import type { Template, Templates } from '../templates.ts';
import { hurry } from './hurry-liquid.ts';

export type LiquidResult =
  | { readonly kind: 'rendered'; readonly text: string }
  | { readonly kind: 'broken'; readonly message: string; readonly hint: string };

export type LiquidRenderer = {
  /** A template by name, as HTML. */
  readonly template: (name: string, data: object) => LiquidResult;
  /** A text from elsewhere, as plain text. */
  readonly pattern: (pattern: Template, data: object) => LiquidResult;
  /** Reads a template ahead of its first rendering, which tells what is wrong with it. */
  readonly prepare: (name: string) => void;
};

const STRICT: LiquidOptions = {
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  lenientIf: true,
  // Whatever the machine's zone is, the same data give the same text.
  timezoneOffset: 0,
  locale: 'en',
  memoryLimit: 1e8,
};

/** Filters that would make two renderings differ. */
const RANDOM_FILTERS = ['sample', 'shuffle'];

export function createLiquidRenderer(templates: Templates): LiquidRenderer {
  const texts: Record<string, string> = Object.create(null);
  for (const [name, { text }] of templates) texts[name] = text;
  const html = createEngine({ ...STRICT, templates: texts, cache: true, outputEscape: 'escape' });
  hurry(html);
  const plain = createEngine({ ...STRICT, templates: Object.create(null) });
  return {
    template: (name, data) => attempt(templates, name, () => String(html.renderFileSync(name, data))),
    pattern: ({ text, path }, data) =>
      attempt(new Map([[path, { text, path }]]), path, () => plain.parseAndRenderSync(text, data)),
    prepare: (name) => void attempt(templates, name, () => `${html.parseFileSync(name).length}`),
  };
}

function createEngine(options: LiquidOptions): Liquid {
  const engine = new Liquid(options);
  for (const name of RANDOM_FILTERS) delete engine.filters[name];
  const date = engine.filters['date'];
  if (typeof date === 'function') {
    engine.registerFilter('date', function dateWithoutClock(value: unknown, ...rest: unknown[]) {
      if (value === 'now' || value === 'today')
        throw new Error(`"${value}" is not known: documents have no clock`);
      return date.call(this, value, ...rest) as unknown;
    });
  }
  return engine;
}

function attempt(templates: Templates, name: string, render: () => string): LiquidResult {
  try {
    return { kind: 'rendered', text: render() };
  } catch (error) {
    return explain(templates, name, error);
  }
}

/** What the package's errors know of their place; those about variables know the text they stand in, not its file. */
type Placed = Error & {
  readonly token?: {
    readonly file?: string;
    readonly input?: string;
    readonly getPosition?: () => readonly number[];
  };
};

/** `templates/digest.mjml, line 12: undefined variable: titel`. */
function explain(templates: Templates, name: string, error: unknown): LiquidResult {
  const { token, message } = error as Placed;
  const template =
    templates.get(token?.file ?? '') ??
    [...templates.values()].find(({ text }) => text === token?.input) ??
    templates.get(name);
  const line = token?.getPosition?.()[0];
  const place = `${template?.path ?? `templates/${name}`}${line === undefined ? '' : `, line ${line}`}`;
  const said = message.replace(/(?:, file:.*)?, line:\d+, col:\d+$/s, '').replace(/\s+/g, ' ');
  const missing = /^ENOENT: Failed to lookup "(.*)" in /.exec(said)?.[1];
  if (missing !== undefined)
    return { kind: 'broken', message: `${place}: ${renderMissing(missing)}`, hint: HINT_MISSING };
  return { kind: 'broken', message: `${place}: ${said}`, hint: hintFor(said) };
}

function renderMissing(name: string): string {
  return `there is no template ${JSON.stringify(name)} to include or to take as a layout`;
}

const HINT_MISSING =
  'Only files in templates/ can be used, by their own name without a folder: put that file there, or correct its name.';

function hintFor(said: string): string {
  if (said.startsWith('undefined variable'))
    return 'Use one of the variables that the docs list for this template, or test it with {% if %} first.';
  if (said.startsWith('undefined filter'))
    return 'Use one of the filters of Liquid; their names are in its documentation.';
  return 'Mend the line, or remove the file to use the template that comes with Renga.';
}

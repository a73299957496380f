/** The text of `config/renga.yaml` → Config. All its mistakes are told at once, one line each with its place. Pure. */
import { checkFormerFeeds } from './former-feeds-schema.ts';
import { OperatorError } from '../domain/operator-error.ts';
import type { Problem, Severity } from '../domain/problem.ts';
import { checkLinks } from './check-links.ts';
import { checkAccountNames } from './compose-accounts.ts';
import { composeConfig } from './compose-config.ts';
import { checkHubs, checkTargets } from './compose-elsewhere.ts';
import type { Config } from './config.ts';
import { CONFIG_SCHEMA, type WrittenConfig } from './config-schema.ts';
import { describeIssue } from './describe-issue.ts';
import { CONFIG_PATH, type MisplacedValue, type Mistake, renderMistakes } from './mistake.ts';
import { type Environment, parseYaml } from './parse-yaml.ts';
import { composeJsonSchema } from './render-config-schema.ts';

export type ConfigSource = {
  readonly text: string;
  /** The publication's folder. */
  readonly root: string;
  readonly environment: Environment;
  /** What the command line says instead of `server.port`. */
  readonly port?: number | undefined;
};

/** Throws OperatorError for a config that cannot be used. */
export function parseConfig({ text, root, environment, port }: ConfigSource): Config {
  const reading = parseYaml(text, environment);
  if (reading.kind === 'broken') return refuse(reading.mistakes);
  const { values, lineOf } = reading;
  const place = ({ path, message }: MisplacedValue): Mistake => ({ line: lineOf(path), message });
  const result = CONFIG_SCHEMA.safeParse(values);
  const links = checkLinks(values);
  const found = [
    ...(result.error?.issues ?? []).flatMap((issue) => describeIssue(issue, values, composeJsonSchema())),
    ...findHiddenKeys(values),
    ...links.mistakes,
    ...checkPermalink(result.data),
    ...checkAccountNames(result.data?.smtp),
    ...checkFormerFeeds(result.data?.feeds),
    ...checkTargets(result.data, root),
  ];
  const isFilled = reading.mistakes.length === 0;
  // A variable that is not set makes its value wrong as well: that is one mistake, told once.
  const judged = found
    .map(place)
    .filter(({ line }) => isFilled || !reading.mistakes.some((other) => other.line === line));
  if (!result.success || !isFilled || judged.length > 0) return refuse([...reading.mistakes, ...judged]);
  const asProblem =
    (severity: Severity) =>
    (found: MisplacedValue): Problem => ({ severity, path: CONFIG_PATH, ...place(found) });
  const problems = [
    ...links.warnings.map(asProblem('warning')),
    ...checkHubs(result.data).map(asProblem('warning')),
    ...(links.warnings.length > 0 ? [] : findBorrowedName(result.data).map(asProblem('hint'))),
  ];
  return composeConfig(result.data, { root, port: port ?? null, problems });
}

/** zod passes over a `__proto__` among the names of series. */
function findHiddenKeys(values: unknown): readonly MisplacedValue[] {
  const series = typeof values === 'object' && values !== null ? Reflect.get(values, 'series') : null;
  if (typeof series !== 'object' || series === null || !Object.hasOwn(series, '__proto__')) return [];
  return [{ path: ['series', '__proto__'], message: 'series.__proto__ is no name for a series' }];
}

/** Fine for a try: but what is published then has this machine's address in its links and ids. */
function findBorrowedName({ publication }: WrittenConfig): readonly MisplacedValue[] {
  if (publication.url !== undefined) return [];
  const message =
    "publication.url is not set, so links and ids of posts are made under this machine's own address; set it before you publish for others";
  return [{ path: ['publication'], message }];
}

function checkPermalink(written: WrittenConfig | undefined): readonly MisplacedValue[] {
  if (!written?.pages.enabled || written.pages.permalink === undefined) return [];
  const message = 'pages.permalink is only for pages.enabled: false, when another program makes the pages';
  return [{ path: ['pages', 'permalink'], message }];
}

function refuse(mistakes: readonly Mistake[]): never {
  throw new OperatorError(
    renderMistakes(mistakes),
    'Correct it there; `renga init DIR` makes a fresh folder whose config explains its keys.',
  );
}

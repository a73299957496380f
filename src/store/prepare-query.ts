/**
 * Queries that run once or more for every message: built and compiled once for each database, and then only filled in. Building one costs ten times
 * what SQLite needs to run it.
 */
import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Tables } from './tables.ts';

/** Stands in a query where a value comes later. */
class Blank {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** `blank(name)` stands for that value while the query is built; it must end up as a parameter. */
export function prepareQuery<Values extends Readonly<Record<string, unknown>>, Row>(
  build: (
    db: Kysely<Tables>,
    blank: <Name extends keyof Values & string>(name: Name) => Values[Name],
  ) => Compilable<Row>,
): (db: Kysely<Tables>, values: Values) => Promise<QueryResult<Row>> {
  const compiled = new WeakMap<object, CompiledQuery<Row>>();
  return async (db, values) => {
    // One for each open database: it knows the dialect, and a transaction shares it.
    const { adapter } = db.getExecutor();
    let query = compiled.get(adapter);
    if (!query) {
      query = build(db, (name) => new Blank(name) as never).compile();
      compiled.set(adapter, query);
    }
    const parameters = query.parameters.map((parameter) =>
      parameter instanceof Blank ? values[parameter.name] : parameter,
    );
    return await db.executeQuery({ ...query, parameters });
  };
}

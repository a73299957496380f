/**
 * Queries that run once or more for every message: built and compiled once for each database, and then only filled in. Building one costs ten times
 * what SQLite needs to run it, and passing it through Kysely twice as much again: a database that answers in the calling thread is asked at once.
 */
import type { Compilable, CompiledQuery, Kysely, QueryResult, SqliteDatabase } from 'kysely';
import type { Tables } from './tables.ts';

/** Stands in a query where a value comes later. */
class Blank {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What is asked at once, by the adapter that an open database and its transactions share. */
const direct = new WeakMap<object, SqliteDatabase>();

/** From now on, prepared queries in transactions of `db` go straight to `database`, which is what it writes to. */
export function answerAtOnce(db: Kysely<Tables>, database: SqliteDatabase): void {
  direct.set(db.getExecutor().adapter, database);
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
    // Outside a transaction it would get into somebody else's: the database has one connection.
    const database = db.isTransaction ? direct.get(adapter) : undefined;
    return database ? ask(database, query.sql, parameters) : await db.executeQuery({ ...query, parameters });
  };
}

function ask<Row>(database: SqliteDatabase, sql: string, parameters: readonly unknown[]): QueryResult<Row> {
  const statement = database.prepare(sql);
  if (statement.reader) return { rows: statement.all(parameters) as Row[] };
  return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) };
}

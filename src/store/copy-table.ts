/** Copies a table into an empty one of another database, page by page in order of its key, and reads both back: row for row and value for value the same. */
import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

export type CopiedTable = { readonly name: keyof Tables; readonly key: readonly string[] };

type Row = Readonly<Record<string, unknown>>;

const PAGE_ROWS = 1000;
/** Contents are megabytes each. */
const PAGE_LARGE_ROWS = 10;

/** How many rows were copied. */
export async function copyTable(
  from: Transaction<Tables>,
  to: Transaction<Tables>,
  table: CopiedTable,
): Promise<number> {
  let rows = 0;
  for await (const page of readPages(from, table)) {
    for (const batch of splitBatches(page)) await insertRows(to, table, batch);
    rows += page.length;
  }
  return rows;
}

async function insertRows(
  to: Transaction<Tables>,
  { name }: CopiedTable,
  rows: readonly Row[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  await sql`
    insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values ${sql.join(values)}
  `.execute(to);
}

/** SHA-256 over all values of all rows, in order of the key: two tables with the same sum hold the same. */
export async function sumTable(tx: Transaction<Tables>, table: CopiedTable): Promise<string> {
  const sum = createHash('sha256');
  for await (const page of readPages(tx, table)) for (const row of page) sum.update(renderRow(row));
  return sum.digest('hex');
}

function renderRow(row: Row): string {
  const values = Object.keys(row)
    .toSorted()
    .map((column) => {
      const value = row[column];
      return [column, value instanceof Uint8Array ? createHash('sha256').update(value).digest('hex') : value];
    });
  return `${JSON.stringify(values)}\n`;
}

async function* readPages(
  tx: Transaction<Tables>,
  { name, key }: CopiedTable,
): AsyncGenerator<readonly Row[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const limit = name === 'digest_contents' ? PAGE_LARGE_ROWS : PAGE_ROWS;
  let last: Row | undefined;
  for (;;) {
    const after = last;
    const beyond =
      after === undefined
        ? sql``
        : sql`where (${columns}) > (${sql.join(key.map((column) => after[column]))})`;
    const query = sql<Row>`
      select * from ${sql.table(name)} ${beyond} order by ${columns} limit ${sql.lit(limit)}
    `;
    const { rows } = await query.execute(tx);
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    last = rows.at(-1);
  }
}

/** Cuts a list into pieces that fit one statement: databases bound the number of parameters (SQLite 32,766, PostgreSQL 65,535). */

const ROWS_PER_STATEMENT = 1000;

export function splitBatches<Row>(rows: readonly Row[], size = ROWS_PER_STATEMENT): readonly Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

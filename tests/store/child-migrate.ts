/** Takes a store to a next schema that never gets done: says `half-way` inside the transaction and waits to be killed. Argument: the file. */
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS, type Migration } from '../../src/store/migrations/all.ts';
import { openSqlite } from '../../src/store/open-sqlite.ts';

const [, , location = ''] = process.argv;
const endless: Migration = async (schema) => {
  await schema.createTable('half').addColumn('id', 'integer').execute();
  await schema.alterTable('deliveries').addColumn('half', 'integer').execute();
  process.stdout.write('half-way\n');
  setInterval(() => undefined, 1000);
  await new Promise(() => undefined);
};
await migrate(await openSqlite(location), 0, [...MIGRATIONS, endless]);

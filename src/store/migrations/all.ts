/** All migrations in order: the n-th takes a store from schema n − 1 to n. Add at the end; never change one that was released. */
import type { SchemaModule, Transaction } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';
import type { Tables } from '../tables.ts';
import { createLedgerTables } from './0001-ledger.ts';
import { createPublicationTables } from './0001-publication.ts';
import { createSubscriberTables } from './0001-subscribers.ts';
import { createCopiesTable } from './0002-copies.ts';
import { createRatesTable } from './0003-rates.ts';
import { createChoices } from './0004-choices.ts';
import { createShowings } from './0005-showings.ts';
import { createSignUps } from './0006-sign-ups.ts';
import { createWebsubTables } from './0007-websub.ts';
import { createVolumes } from './0008-volumes.ts';
import { createContentPosts } from './0009-content-posts.ts';
import { createReadersTable } from './0010-readers.ts';
import { createCorrections } from './0011-corrections.ts';
import { createAddressChanges } from './0012-address-changes.ts';

/** `tx`: for rows that must be filled in. */
export type Migration = (schema: SchemaModule, dialect: SqlDialect, tx: Transaction<Tables>) => Promise<void>;

export const MIGRATIONS: readonly Migration[] = [
  async (schema, dialect) => {
    await createPublicationTables(schema, dialect);
    await createSubscriberTables(schema, dialect);
    await createLedgerTables(schema, dialect);
  },
  createCopiesTable,
  createRatesTable,
  createChoices,
  createShowings,
  createSignUps,
  createWebsubTables,
  createVolumes,
  createContentPosts,
  createReadersTable,
  createCorrections,
  createAddressChanges,
];

/** Moving a store to PostgreSQL, and back. */
import { describe } from 'vitest';
import { DATABASES } from '../store/databases.ts';
import { moveContract } from '../store/move-contract.ts';
import { useCluster } from './postgres-cluster.ts';

const [sqlite] = DATABASES;
if (!sqlite) throw new Error('SQLite is always there');
const { database } = useCluster();

describe('from SQLite to PostgreSQL', () => {
  moveContract(sqlite, database);
});
describe('from PostgreSQL to SQLite', () => {
  moveContract(database, sqlite);
});

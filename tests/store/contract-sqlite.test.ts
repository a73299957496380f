/** The contract on SQLite. */
import { describe } from 'vitest';
import { describeContract } from './contract.ts';
import { DATABASES } from './databases.ts';

describe.each(DATABASES)('on $name', (database) => {
  describeContract(database);
});

/** The contract, run over each database. */
import { describe } from 'vitest';
import { describeContract } from './contract.ts';
import { DATABASES } from './databases.ts';
import { PGLITE } from './pglite.ts';

describe.each([...DATABASES, PGLITE])('on $name', (database) => {
  describeContract(database);
});

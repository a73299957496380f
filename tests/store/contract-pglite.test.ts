/** The contract on PostgreSQL's own engine inside this process: its SQL, but one session, so that locking is for the tests against a real server. */
import { describe } from 'vitest';
import { describeContract } from './contract.ts';
import { PGLITE } from './pglite.ts';

describe(`on ${PGLITE.name}`, () => {
  describeContract(PGLITE);
});

/** What can be said of a PostgreSQL database without one: see `tests/peers/postgres.test.ts` for the rest. */
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { openStore } from '../../src/store/open-store.ts';
import { explainPostgresError, isAway, stateOf } from '../../src/store/postgres-errors.ts';
import { retryWhileAway } from '../../src/store/retry-while-away.ts';
import { at } from './samples.ts';

async function refusalOf(location: string): Promise<OperatorError> {
  const error: unknown = await openStore({ location, now: at('08:00') }).catch((error: unknown) => error);
  if (!(error instanceof OperatorError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

/** A port on which nobody listens. */
async function findClosedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const withCode = (code: string, message = 'so it is') => Object.assign(new Error(message), { code });

describe('PostgreSQL', () => {
  it('that is not there is named by host, never by password', async () => {
    const port = await findClosedPort();
    const refusal = await refusalOf(`postgres://ann:s3cr3t@127.0.0.1:${port}/news`);
    expect(refusal.message).toContain(`the database news at 127.0.0.1:${port} cannot be reached`);
    expect(refusal.hint).toContain('running');
    expect(JSON.stringify([refusal.message, refusal.hint, String(refusal.cause)])).not.toContain('s3cr3t');
  });

  it('with a URL that cannot be read is refused without repeating it', async () => {
    const refusal = await refusalOf('postgres://ann:s3cr3t@[half/news');
    expect(refusal.message).toContain('cannot be read');
    expect(`${refusal.message} ${refusal.hint} ${String(refusal.cause)}`).not.toContain('s3cr3t');
  });

  it.each(['57P01', '57P03', '08006', '53300', '25006', 'ECONNRESET', 'EPIPE', 'ENOENT'])(
    'is waited for after %s',
    (code) => {
      expect(isAway(withCode(code))).toBe(true);
    },
  );

  it.each(['28P01', '3D000', '53100', '42501', '58030', 'CERT_HAS_EXPIRED'])(
    'is not waited for after %s, but explained',
    (code) => {
      expect(isAway(withCode(code))).toBe(false);
      const explained = explainPostgresError(withCode(code), 'the database news at db:5432');
      expect(explained).toBeInstanceOf(OperatorError);
      expect(String(explained)).toMatch(/the database news at db:5432 .+ \(so it is\)/);
    },
  );

  it('leaves errors of ours as they are', () => {
    for (const error of [withCode('23505'), new TypeError('x is no function'), 'text']) {
      expect(isAway(error)).toBe(false);
      expect(explainPostgresError(error, 'the database')).toBe(error);
    }
    expect(stateOf(withCode('EPIPE'))).toBeNull();
  });
});

describe('asking again', () => {
  it('says so only when an earlier try may have been heard', async () => {
    const heard: boolean[] = [];
    const answers = ['busy', 'lost', 'busy'] as const;
    const result = await retryWhileAway(
      (error) => (error as Error).message as 'busy' | 'lost',
      (again) => {
        heard.push(again);
        const kind = answers[heard.length - 1];
        return kind === undefined ? Promise.resolve('done') : Promise.reject(new Error(kind));
      },
    );
    expect(result).toBe('done');
    expect(heard).toEqual([false, false, true, true]);
  });

  it('ends with the last error when patience ends', async () => {
    let tries = 0;
    const asking = retryWhileAway(
      () => 'lost',
      () => Promise.reject(new Error(`try ${(tries += 1)}`)),
      20,
    );
    await expect(asking).rejects.toThrow(/^try \d+$/);
    expect(tries).toBeGreaterThan(1);
  });
});

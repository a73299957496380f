/** Sign-ups: taken all alike, answered later, confirmed or forgotten. What the verbs owe is said in `domain/sign-up-book.ts`. */
import type { Insertable, Transaction } from 'kysely';
import type { SignUp } from '../domain/sign-up.ts';
import type { AskResult, SignUpBook } from '../domain/sign-up-book.ts';
import type { VisitorLimit } from '../domain/visitor-limit.ts';
import { answerSignUps } from './answer-sign-ups.ts';
import { confirmSignUp } from './confirm-sign-up.ts';
import type { Connection } from './connection.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import { forgetSignUps } from './forget-sign-ups.ts';
import { openGroupCommit } from './group-commit.ts';
import { readSignUpRow, toSignUpRow } from './sign-up-rows.ts';
import type { SignUpsTable, Tables } from './tables.ts';
import { useLimits } from './visitor-limits.ts';

type Asking = { readonly signUp: SignUp; readonly limits: readonly VisitorLimit[]; readonly now: number };

export type OpenSignUpBook = SignUpBook & { readonly drain: () => Promise<void> };

export function openSignUpBook(connection: Connection, collecting: number): OpenSignUpBook {
  const { db, write } = connection;
  const askings = openGroupCommit(
    (group: readonly Asking[]) => write((tx) => takeAll(tx, group)),
    collecting,
  );
  return {
    ask: (signUp, limits, now) => askings.add({ signUp, limits, now: toMilliseconds(now) }),
    answer: (limit, now) => write((tx) => answerSignUps(tx, connection.dialect, limit, toMilliseconds(now))),
    find: async (id) => {
      const row = await db.selectFrom('sign_ups').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : { signUp: readSignUpRow(row), askedAt: toInstant(row.asked_at) };
    },
    confirm: async (id, now) => await confirmSignUp(connection, id, toMilliseconds(now)),
    forget: (now) => write((tx) => forgetSignUps(tx, toMilliseconds(now))),
    drain: askings.drain,
  };
}

/** In their order; those that no limit stops are one statement. */
async function takeAll(tx: Transaction<Tables>, group: readonly Asking[]): Promise<readonly AskResult[]> {
  const results: AskResult[] = [];
  const rows: Insertable<SignUpsTable>[] = [];
  for (const { signUp, limits, now } of group) {
    const retryAt = await useLimits(tx, limits, now);
    if (retryAt === null) rows.push(toSignUpRow(signUp, now));
    results.push(retryAt === null ? { kind: 'taken' } : { kind: 'limited', retryAt: toInstant(retryAt) });
  }
  if (rows.length > 0) await tx.insertInto('sign_ups').values(rows).execute();
  return results;
}

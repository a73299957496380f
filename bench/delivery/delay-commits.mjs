/**
 * Loaded into a measured program (`node --import`), in all its threads: each commit of SQLite takes so many milliseconds more, as if the
 * disk were slower. Leaves a file named by process and thread that says how many it delayed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { threadId } from 'node:worker_threads';

const delay = Number(process.env['RENGA_COMMIT_DELAY'] ?? 0);
const folder = process.env['RENGA_COMMIT_REPORTS'];
const never = new Int32Array(new SharedArrayBuffer(4));
const databases = new WeakMap();
let delayed = 0;

/** A commit is the end of a transaction that is no rollback, or a change made outside of one. */
function watch(database, sql, work) {
  if (!database) return work();
  const wasOpen = database.isTransaction;
  const result = work();
  const ended = wasOpen && !database.isTransaction && !/^\s*rollback/i.test(sql);
  const changed = !wasOpen && !database.isTransaction && /^\s*(?:insert|update|delete|replace)/i.test(sql);
  if (ended || changed) sleep();
  return result;
}

function sleep() {
  Atomics.wait(never, 0, 0, delay);
  delayed += 1;
  if (folder && (delayed === 1 || delayed % 50 === 0)) tell();
}

function tell() {
  writeFileSync(join(folder, `${process.pid}-${threadId}`), String(delayed));
}

if (delay > 0) {
  const { prepare, exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.prepare = function (sql, ...rest) {
    const statement = prepare.call(this, sql, ...rest);
    databases.set(statement, this);
    return statement;
  };
  DatabaseSync.prototype.exec = function (sql) {
    return watch(this, sql, () => exec.call(this, sql));
  };
  for (const name of ['run', 'get', 'all']) {
    const original = StatementSync.prototype[name];
    StatementSync.prototype[name] = function (...parameters) {
      return watch(databases.get(this), this.sourceSQL, () => original.apply(this, parameters));
    };
  }
  process.on('exit', () => {
    if (folder && delayed > 0) tell();
  });
}

/**
 * A mail server that counts: a process of its own, so that whatever dies beside it, its file knows what it took. A message is written to
 * that file and synced before the 250. On demand it strikes: it kills or stops a process at an exact step of a session.
 */
import { appendFileSync, closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import type { Ambush, Answers, Line, ServerWord, Step, Trouble, Wish } from './ledger-lines.ts';
import { openConversation } from './ledger-session.ts';

const file = process.argv[2] ?? '';
const kept = openSync(file, 'a');
const open = new Set<number>();

let ambush: Ambush | null = null;
let seen = 0;
let trouble: Trouble = { kind: 'trouble', seed: 0, every: 0 };
let answers: Answers['replies'] = [];
let connections = 0;
let held: (() => void)[] | null = null;

function keep(line: Line): void {
  writeSync(kept, `${JSON.stringify(line)}\n`);
  if (line.at === 'taken') fsyncSync(kept);
}

/** In the same turn of the loop in which the step was seen: nothing happens between the two. */
function reach(step: Step): void {
  if (ambush?.step !== step) return;
  seen += 1;
  if (seen < ambush.nth) return;
  process.kill(ambush.pid, ambush.signal);
  ambush = null;
  appendFileSync(kept, `${JSON.stringify({ at: 'struck', step, open: [...open] } satisfies Line)}\n`);
}

const server = net.createServer({ noDelay: true }, (socket) => {
  const connection = (connections += 1);
  open.add(connection);
  socket.on('error', () => undefined).on('close', () => open.delete(connection));
  openConversation(socket, {
    connection,
    trouble,
    keep,
    reach,
    nextAnswer: () => {
      const [first, ...rest] = answers;
      answers = rest;
      return first;
    },
    whenFree: (work) => {
      if (held?.length === 0) held.push(work);
      else work();
    },
  });
});

function hold(isHeld: boolean): void {
  const waiting = held ?? [];
  held = isHeld ? [] : null;
  for (const work of waiting) work();
}

function say(word: ServerWord): void {
  process.send?.(word);
}

process.on('message', (wish: Wish) => {
  if (wish.kind === 'ambush') {
    ambush = wish;
    seen = 0;
  } else if (wish.kind === 'peace') ambush = null;
  else if (wish.kind === 'trouble') trouble = wish;
  else if (wish.kind === 'answers') answers = wish.replies;
  else hold(wish.isHeld);
  say({ kind: 'heard' });
});
process.on('disconnect', () => {
  closeSync(kept);
  process.exit(0);
});
server.listen(0, '127.0.0.1', () => say({ kind: 'listening', port: (server.address() as AddressInfo).port }));

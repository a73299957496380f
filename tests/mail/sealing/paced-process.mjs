/**
 * Loaded into a sealing process (`node --import`): its copies seem to take PACE milliseconds, it tells its number and how many copies it was asked for in
 * the file TOLD, and it dies in the middle of copy DIES_AT.
 */
import { writeFileSync } from 'node:fs';

const { PACE, TOLD, DIES_AT } = process.env;
let time = 0;
performance.now = () => (time += Number(PACE));

let asked = 0;
const tell = () => writeFileSync(TOLD, `${process.pid} ${asked}`);
tell();
process.on('message', (sent) => {
  // The first message has the keys.
  if ('selector' in sent[0]) return;
  asked += sent.length;
  tell();
  if (asked >= Number(DIES_AT)) process.kill(process.pid, 'SIGKILL');
});

/** A program: `node sign-once.ts KEY` prints the milliseconds of one RSA signature over a header of 1 kB, in the environment it is given. */
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { measureCpu } from './measure-cpu.ts';

const key = createPrivateKey(readFileSync(process.argv[2] ?? ''));
process.stdout.write(String(measureCpu((data) => sign('sha256', data, key), 1000)));

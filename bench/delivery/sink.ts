/**
 * The built-in sink, a program: `node sink.ts PORT [--delay MILLISECONDS] [--keep FILE]`. Takes every message after `--delay`, counts it and drops
 * it; prints `mesg=N` and a carriage return after each, as smtp-sink does. `--keep` writes the first message, as it came, into a file.
 */
import { writeFileSync, writeSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { delay: { type: 'string', default: '0' }, keep: { type: 'string' } },
});
const delay = Number(values.delay);
const END = Buffer.from('\r\n.\r\n');
let messages = 0;

net.createServer({ noDelay: true }, serve).listen(Number(positionals[0]), '127.0.0.1', 256);

function serve(socket: Socket): void {
  let commands = '';
  /** The end of what came of the present message, or null between messages. */
  let tail: Buffer | null = null;
  let kept: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk: Buffer) => {
    let rest: Buffer | null = chunk;
    while (rest !== null && rest.length > 0) rest = tail === null ? takeCommands(rest) : takeBody(rest, tail);
  });

  function takeCommands(chunk: Buffer): Buffer | null {
    commands += chunk.toString('latin1');
    for (;;) {
      const end = commands.indexOf('\r\n');
      if (end < 0) return null;
      const verb = commands.slice(0, 4).toUpperCase();
      commands = commands.slice(end + 2);
      socket.write(answer(verb));
      if (verb === 'QUIT') socket.end();
      if (verb !== 'DATA') continue;
      const body = Buffer.from(commands, 'latin1');
      commands = '';
      tail = Buffer.from('\r\n');
      return body;
    }
  }

  /** What follows the end of the message, or null when it has not come. */
  function takeBody(chunk: Buffer, before: Buffer): Buffer | null {
    if (values.keep && messages === 0) kept.push(chunk);
    // The end may lie across two chunks; most chunks are far longer than it.
    const seam = Buffer.concat([before, chunk.subarray(0, END.length - 1)]);
    const start = seam.indexOf(END);
    const at = start < 0 ? chunk.indexOf(END) : start - before.length;
    if (start < 0 && at < 0) {
      tail = chunk.length >= END.length - 1 ? chunk.subarray(1 - END.length) : seam.subarray(1 - END.length);
      return null;
    }
    tail = null;
    finish();
    return chunk.subarray(at + END.length);
  }

  function finish(): void {
    if (values.keep && messages === 0) writeFileSync(values.keep, Buffer.concat(kept));
    kept = [];
    messages += 1;
    // Counted before it is answered: when the sender is done, so is the count.
    writeSync(1, `mesg=${messages}\r`);
    if (delay > 0) setTimeout(() => socket.write('250 2.0.0 Ok\r\n'), delay);
    else socket.write('250 2.0.0 Ok\r\n');
  }
}

function answer(verb: string): string {
  if (verb === 'EHLO') return '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n';
  if (verb === 'DATA') return '354 End with a dot\r\n';
  return verb === 'QUIT' ? '221 2.0.0 Bye\r\n' : '250 2.0.0 Ok\r\n';
}

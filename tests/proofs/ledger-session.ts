/** One SMTP session of the counting server: strict about order, exact about what had arrived when it ended. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Line, Step, Trouble } from './ledger-lines.ts';
import { chooseFault, type DotFault, type Fault, openDice } from './server-faults.ts';

export type Host = {
  readonly connection: number;
  readonly trouble: Trouble;
  readonly keep: (line: Line) => void;
  readonly reach: (step: Step) => void;
  /** What to say to the next dot: undefined for the usual, null to take it and say nothing. */
  readonly nextAnswer: () => string | null | undefined;
  /** Answers a dot: at once, or when the hold is over. */
  readonly whenFree: (work: () => void) => void;
};

const END = Buffer.from('\r\n.\r\n');
/** Longer than any test. */
const FOR_EVER = 3_600_000;
const OFFER = '250-ledger.example\r\n250-8BITMIME\r\n250 SIZE 50000000';

class Conversation {
  readonly #socket: Socket;
  readonly #host: Host;
  readonly #dice: () => number;
  #pending: Buffer = Buffer.alloc(0);
  #isBody = false;
  #to: string | null = null;
  #body: 'none' | 'part' | 'whole' = 'none';
  #isOver = false;

  constructor(socket: Socket, host: Host) {
    this.#socket = socket;
    this.#host = host;
    this.#dice = openDice(host.trouble.seed * 7919 + host.connection);
  }

  begin(): void {
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('close', () => this.#end('client'));
    this.#step('connect', '220 ledger.example ESMTP');
  }

  #end(by: 'server' | 'client'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#host.keep({
      at: 'ended',
      connection: this.#host.connection,
      to: this.#to,
      body: this.#body,
      by,
    });
  }

  #read(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (!this.#isOver && this.#pending.length > 0) {
      if (this.#isBody ? !this.#readBody() : !this.#readCommand()) return;
    }
  }

  #readCommand(): boolean {
    const end = this.#pending.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.#pending.toString('latin1', 0, end);
    this.#pending = this.#pending.subarray(end + 2);
    this.#answerCommand(line);
    return true;
  }

  #answerCommand(line: string): void {
    const verb = /^[a-z]+/i.exec(line)?.[0].toUpperCase();
    if (verb === 'EHLO') return this.#step('ehlo', OFFER);
    if (verb === 'MAIL') return this.#step('mail', '250 2.1.0 ok');
    if (verb === 'RCPT') {
      this.#to = /<([^>]*)>/.exec(line)?.[1] ?? '';
      return this.#step('rcpt', '250 2.1.5 ok');
    }
    if (verb === 'DATA' && this.#to !== null) return this.#step('data', '354 go ahead');
    if (verb === 'RSET') {
      this.#to = null;
      return this.#say('250 2.0.0 ok');
    }
    if (verb === 'QUIT') {
      this.#say('221 2.0.0 bye');
      return this.#hangUp(false);
    }
    return this.#say('503 5.5.1 not now');
  }

  /** False when more has to arrive first. */
  #readBody(): boolean {
    const end = this.#pending.indexOf(END);
    if (end < 0) {
      if (this.#body === 'none') this.#pass('part', 'mid-body');
      if (this.#body !== 'whole' && isWhole(this.#pending)) this.#pass('whole', 'before-dot');
      return false;
    }
    const bytes = this.#pending.subarray(0, end + 2);
    this.#pending = this.#pending.subarray(end + END.length);
    this.#isBody = false;
    this.#takeDot(bytes);
    return true;
  }

  /** In the middle of a body a server can only go away. */
  #pass(body: 'part' | 'whole', step: Step): void {
    if (this.#isOver) return;
    this.#body = body;
    this.#host.reach(step);
    const fault = this.#roll(step);
    if (fault?.kind === 'drop' || fault?.kind === 'stall') this.#play(fault, '', () => undefined);
  }

  #takeDot(bytes: Buffer): void {
    const to = this.#to ?? '';
    const { connection, keep, reach, nextAnswer, whenFree } = this.#host;
    const answer = nextAnswer();
    const fault: DotFault | null =
      answer === undefined ? this.#roll('after-dot') : scriptFault(answer, this.#usualReply());
    if (fault?.keeps ?? true) {
      const messageId = /^Message-ID: (\S+)/im.exec(bytes.toString('latin1', 0, 16_384))?.[1] ?? '';
      keep({
        at: 'taken',
        connection,
        to,
        messageId,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
    }
    // Until the answer is out, a connection that ends leaves this one in doubt.
    this.#body = 'whole';
    reach('after-dot');
    whenFree(() =>
      this.#play(fault, this.#usualReply(), (reply) => {
        this.#to = null;
        this.#body = 'none';
        keep({ at: 'answered', connection, to, reply, isToDot: true });
        reach('after-reply');
      }),
    );
  }

  #usualReply(): string {
    return `250 2.0.0 taken on ${this.#host.connection}`;
  }

  #step(step: Step, reply: string): void {
    this.#host.reach(step);
    const fault = this.#roll(step);
    const to = this.#to;
    this.#play(fault, reply, (said) => {
      if (to === null) return;
      const { connection, keep } = this.#host;
      keep({ at: 'answered', connection, to, reply: said, isToDot: false });
    });
    if (step !== 'data' || this.#isOver) return;
    this.#isBody = fault === null || fault.kind === 'trickle';
    this.#body = 'none';
  }

  #roll(step: Step): DotFault | null {
    return chooseFault(step, this.#dice, this.#host.trouble.every);
  }

  #play(fault: Fault | null, reply: string, said: (reply: string) => void): void {
    if (fault === null) {
      this.#say(reply);
      said(reply);
    } else if (fault.kind === 'trickle') {
      void this.#trickle(`${reply}\r\n`).then(() => said(reply));
    } else if (fault.kind === 'say') {
      this.#say(fault.reply);
      said(fault.reply);
      if (fault.hangUp) this.#hangUp(false);
    } else if (fault.kind === 'stall') {
      this.#end('server');
      setTimeout(() => this.#socket.destroy(), fault.milliseconds).unref();
    } else {
      this.#socket.write(reply.slice(0, fault.said));
      this.#hangUp(fault.reset);
    }
  }

  #say(reply: string): void {
    this.#socket.write(`${reply}\r\n`);
  }

  async #trickle(reply: string): Promise<void> {
    for (const byte of reply) {
      this.#socket.write(byte);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  #hangUp(isReset: boolean): void {
    this.#end('server');
    if (isReset) this.#socket.resetAndDestroy();
    else this.#socket.end();
  }
}

function scriptFault(answer: string | null, usual: string): DotFault {
  if (answer === 'silence') return { kind: 'stall', milliseconds: FOR_EVER, keeps: true };
  if (answer === null) return { kind: 'drop', said: 0, reset: false, keeps: true };
  const keeps = answer.startsWith('2');
  return { kind: 'say', reply: keeps ? usual : answer, hangUp: answer.startsWith('421'), keeps };
}

/** Every byte but the dot: what has arrived ends with the end of the outermost part (RFC 2046 §5.1.1). */
function isWhole(body: Buffer): boolean {
  const boundary = /boundary="?([^"\r\n;]+)/i.exec(body.toString('latin1', 0, 16_384))?.[1];
  return boundary !== undefined && body.subarray(-boundary.length - 8).includes(`--${boundary}--\r\n`);
}

export function openConversation(socket: Socket, host: Host): void {
  new Conversation(socket, host).begin();
}

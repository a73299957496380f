/**
 * An SMTP server on a real socket that answers anything at each step, or hangs up, or says nothing; and keeps every byte it was sent, so that a
 * test can say what was on the wire when.
 */
import { readFileSync } from 'node:fs';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';

export type Step =
  | 'connect'
  | 'ehlo'
  | 'helo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'message'
  | 'rset'
  | 'noop'
  | 'quit';

/**
 * What to do at a step: say a reply (lines without their line end), say it and hang up, hang up, say nothing, or hang up without a goodbye (RST).
 * `body` is looked at whenever bytes of it arrive, before the final dot.
 */
export type Reaction =
  | string
  | { readonly say?: string; readonly next: 'hang-up' | 'reset' | 'stop-reading' | 'silence' };

export const SILENCE: Reaction = { next: 'silence' };

export type Script = Partial<Record<Step, Reaction | ((count: number, text: string) => Reaction | null)>>;

export type Wire = {
  readonly commands: string[];
  /** Everything after each 354, dots and all. */
  readonly bodies: Buffer[];
  dots: number;
  isSecure: boolean;
};

export type ScriptedPeer = {
  readonly port: number;
  readonly connections: readonly Wire[];
  /** All commands of all connections, in order. */
  readonly commands: readonly string[];
  /** Resolves once `when` is true of the peer; looked at after every byte received. */
  until(when: (peer: ScriptedPeer) => boolean): Promise<void>;
  close(): Promise<void>;
};

type Options = {
  readonly script?: Script;
  readonly extensions?: readonly string[];
  /** Name of the certificate in `fixtures/`. */
  readonly certificate?: string;
  readonly isImplicitTls?: boolean;
};

const DEFAULTS: Record<Step, Reaction> = {
  connect: '220 peer.example ESMTP',
  ehlo: '',
  helo: '250 peer.example',
  starttls: '220 go ahead',
  auth: '235 2.7.0 welcome',
  mail: '250 2.1.0 ok',
  rcpt: '250 2.1.5 ok',
  data: '354 go ahead',
  body: SILENCE,
  message: '250 2.0.0 queued as 4711',
  rset: '250 2.0.0 ok',
  noop: '250 2.0.0 ok',
  quit: { say: '221 2.0.0 bye', next: 'hang-up' },
};

export const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'utf8');

export async function openScriptedPeer(options: Options = {}): Promise<ScriptedPeer> {
  const connections: Wire[] = [];
  const sockets = new Set<Socket>();
  const watchers = new Set<() => void>();
  const secureContext = tls.createSecureContext({
    cert: fixture(options.certificate ?? 'server'),
    key: fixture('server-key'),
  });
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    const wire: Wire = { commands: [], bodies: [], dots: 0, isSecure: options.isImplicitTls === true };
    connections.push(wire);
    const notify = (): void => watchers.forEach((look) => look());
    if (options.isImplicitTls) {
      const secure = new tls.TLSSocket(socket, { isServer: true, secureContext });
      secure.on('error', () => undefined);
      converse(secure, wire, options, secureContext, notify);
    } else converse(socket, wire, options, secureContext, notify);
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const peer: ScriptedPeer = {
    port: (server.address() as AddressInfo).port,
    connections,
    get commands() {
      return connections.flatMap((wire) => wire.commands);
    },
    until: (when) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!when(peer)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return peer;
}

function converse(
  first: Socket,
  wire: Wire,
  options: Options,
  secureContext: tls.SecureContext,
  notify: () => void,
): void {
  let socket = first;
  let pending = Buffer.alloc(0);
  let isBody = false;
  const state = { isOver: false };
  const counts = new Map<Step, number>();
  /** What the transaction has: a server refuses RCPT without a sender and DATA without a recipient. */
  const had = { mail: false, rcpt: false };

  const isOutOfOrder = (verb: string): boolean =>
    (verb === 'rcpt' && !had.mail) || (verb === 'data' && !had.rcpt);
  const remember = (verb: string, reply: string): void => {
    if (verb === 'mail') had.mail = reply.startsWith('2');
    else if (verb === 'rcpt') had.rcpt ||= reply.startsWith('2');
    else if (verb === 'rset' || verb === 'data') had.mail = had.rcpt = false;
  };

  /** The reply, where the conversation goes on after it. */
  const react = (step: Step, text: string): string | null => {
    const count = (counts.get(step) ?? 0) + 1;
    counts.set(step, count);
    const scripted = options.script?.[step];
    const reaction = (typeof scripted === 'function' ? scripted(count, text) : scripted) ?? DEFAULTS[step];
    const say = typeof reaction === 'string' ? reaction : reaction.say;
    const reply = step === 'ehlo' && say === '' ? greeting() : say;
    if (reply !== undefined) socket.write(`${reply.replace(/\n/g, '\r\n')}\r\n`);
    if (typeof reaction !== 'string' && reaction.next !== 'silence') {
      state.isOver = true;
      if (reaction.next === 'hang-up') socket.end();
      else if (reaction.next === 'reset') socket.resetAndDestroy();
      else socket.pause();
    }
    return typeof reaction === 'string' ? reaction : null;
  };
  const greeting = (): string => {
    const offered = (options.extensions ?? ['8BITMIME', 'SMTPUTF8']).filter(
      (name) => !(wire.isSecure && name === 'STARTTLS'),
    );
    return ['peer.example', ...offered]
      .map((line, index) => `250${index < offered.length ? '-' : ' '}${line}`)
      .join('\n');
  };

  const startTls = (): void => {
    socket.removeAllListeners('data');
    const secure = new tls.TLSSocket(socket, { isServer: true, secureContext });
    secure.on('error', () => undefined).on('data', onData);
    socket = secure;
    wire.isSecure = true;
  };
  const onCommand = (line: string): void => {
    wire.commands.push(line);
    const verb = (/^\w+/.exec(line)?.[0] ?? '').toLowerCase();
    if (!(verb in DEFAULTS)) return void socket.write('500 5.5.1 what?\r\n');
    if (isOutOfOrder(verb)) return void socket.write('503 5.5.1 not now\r\n');
    const reply = react(verb as Step, line) ?? '';
    remember(verb, reply);
    if (verb === 'starttls' && reply.startsWith('2')) startTls();
    if (verb === 'data' && reply.startsWith('3')) {
      isBody = true;
      wire.bodies.push(Buffer.alloc(0));
    }
  };
  const onBody = (): void => {
    const body = Buffer.concat([wire.bodies.at(-1) ?? Buffer.alloc(0), pending]);
    pending = Buffer.alloc(0);
    const end = body.subarray(0, 3).equals(Buffer.from('.\r\n')) ? 0 : body.indexOf('\r\n.\r\n');
    if (end < 0) {
      wire.bodies[wire.bodies.length - 1] = body;
      react('body', body.toString('latin1'));
      return;
    }
    const after = end + (end === 0 ? 3 : 5);
    wire.bodies[wire.bodies.length - 1] = body.subarray(0, after);
    pending = body.subarray(after);
    isBody = false;
    wire.dots += 1;
    react('message', '');
  };
  const onData = (chunk: Buffer): void => {
    if (state.isOver) return;
    pending = Buffer.concat([pending, chunk]);
    while (pending.length > 0 && !state.isOver) {
      if (isBody) {
        onBody();
        if (isBody) break;
        continue;
      }
      const end = pending.indexOf('\r\n');
      if (end < 0) break;
      const line = pending.subarray(0, end).toString();
      pending = pending.subarray(end + 2);
      onCommand(line);
    }
    notify();
  };
  socket.on('data', onData);
  react('connect', '');
}

import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/delivery.ts';
import type { Message } from '../../src/domain/message.ts';
import type { Connection, ConnectResult, Transport } from '../../src/domain/transport.ts';
import { createSmtpTransport, type SmtpTransportOptions } from '../../src/mail/smtp-transport.ts';
import { address } from './sample-message.ts';
import { fixture, openScriptedPeer, SILENCE, type Script, type ScriptedPeer } from './scripted-peer.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const BODY = 'Subject: hello\r\n\r\n.a dot\r\n..two\r\nend\r\n';
const STUFFED = 'Subject: hello\r\n\r\n..a dot\r\n...two\r\nend\r\n';
/** More than any socket holds on its way. */
const HUGE = `Subject: huge\r\n\r\n${'0123456789abcdef\r\n'.repeat(1_500_000)}`;
const message = (body: string | Uint8Array = BODY, to = 'ann@reader.example'): Message => ({
  envelope: { from: address('digest@example.org'), to: address(to) },
  parts: [Buffer.from(body)],
});

async function openPeer(options: Parameters<typeof openScriptedPeer>[0] = {}): Promise<ScriptedPeer> {
  const peer = await openScriptedPeer(options);
  open.push(peer);
  return peer;
}

function transportTo(
  peer: { readonly port: number },
  options: Partial<SmtpTransportOptions> = {},
): Transport {
  return createSmtpTransport({ url: `smtp://127.0.0.1:${peer.port}`, connections: 2, ...options });
}

async function connectTo(
  peer: ScriptedPeer,
  options: Partial<SmtpTransportOptions> = {},
): Promise<Connection> {
  const result = await transportTo(peer, options).connect();
  if (result.kind !== 'connected') throw new Error(`${result.kind}: ${result.reply}`);
  open.push(result.connection);
  return result.connection;
}

/** A mark that counts its calls. */
function counter(answer: boolean | Error = true): { mark: () => Promise<boolean>; calls: number } {
  const counted = {
    calls: 0,
    mark: (): Promise<boolean> => {
      counted.calls += 1;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return counted;
}

type Try = { outcome: Outcome; marks: number; peer: ScriptedPeer; connection: Connection };

async function tryScript(
  script: Script,
  options: Partial<SmtpTransportOptions> = {},
  extensions?: string[],
): Promise<Try> {
  const peer = await openPeer({ script, ...(extensions ? { extensions } : {}) });
  const connection = await connectTo(peer, options);
  const counted = counter();
  const outcome = await connection.handOver(message(), counted.mark);
  return { outcome, marks: counted.calls, peer, connection };
}

describe('handOver, when the server answers', () => {
  it('hands the message over byte for byte, under its own envelope, and keeps the server’s words', async () => {
    const { outcome, marks, peer, connection } = await tryScript({});
    expect(outcome).toEqual({ kind: 'accepted', reply: '250 2.0.0 queued as 4711' });
    expect(marks).toBe(1);
    expect(peer.connections[0]?.bodies[0]?.toString()).toBe(`${STUFFED}.\r\n`);
    expect(peer.commands.slice(1)).toEqual([
      'MAIL FROM:<digest@example.org>',
      'RCPT TO:<ann@reader.example>',
      'DATA',
    ]);
    expect(connection.usable).toBe(true);
  });

  it('joins the lines of a long reply', async () => {
    const { outcome } = await tryScript({ message: '250-2.0.0 thank\n250-you\n250 so much' });
    expect(outcome).toEqual({ kind: 'accepted', reply: '250-2.0.0 thank you so much' });
  });

  it.each<[string, Script, Outcome, number]>([
    ['4xx to MAIL', { mail: '451 4.3.0 later' }, { kind: 'deferred', reply: '451 4.3.0 later' }, 0],
    ['4xx to RCPT', { rcpt: '450 4.2.1 grey' }, { kind: 'deferred', reply: '450 4.2.1 grey' }, 0],
    ['4xx to DATA', { data: '451 no disk' }, { kind: 'deferred', reply: '451 no disk' }, 0],
    ['4xx to the message', { message: '452 4.3.1 full' }, { kind: 'deferred', reply: '452 4.3.1 full' }, 1],
    [
      '5xx to MAIL',
      { mail: '550 5.1.0 no' },
      { kind: 'rejected', reply: '550 5.1.0 no', scope: 'us', enhancedCode: '5.1.0' },
      0,
    ],
    [
      'no such person',
      { rcpt: '550 5.1.1 who?' },
      { kind: 'rejected', reply: '550 5.1.1 who?', scope: 'subscriber', enhancedCode: '5.1.1' },
      0,
    ],
    [
      'no enhanced code',
      { rcpt: '550 who?' },
      { kind: 'rejected', reply: '550 who?', scope: 'subscriber', enhancedCode: null },
      0,
    ],
    [
      'policy at RCPT',
      { rcpt: '554 5.7.1 listed' },
      { kind: 'rejected', reply: '554 5.7.1 listed', scope: 'us', enhancedCode: '5.7.1' },
      0,
    ],
    [
      'login wanted',
      { rcpt: '530 log in' },
      { kind: 'rejected', reply: '530 log in', scope: 'us', enhancedCode: null },
      0,
    ],
    [
      'our sender refused',
      { rcpt: '550 5.1.8 bad sender' },
      { kind: 'rejected', reply: '550 5.1.8 bad sender', scope: 'us', enhancedCode: '5.1.8' },
      0,
    ],
    [
      '5xx to DATA',
      { data: '554 5.2.2 full' },
      { kind: 'rejected', reply: '554 5.2.2 full', scope: 'subscriber', enhancedCode: '5.2.2' },
      0,
    ],
    [
      '5xx to the message',
      { message: '550 5.6.0 spam' },
      { kind: 'rejected', reply: '550 5.6.0 spam', scope: 'subscriber', enhancedCode: '5.6.0' },
      1,
    ],
    [
      'policy after the message',
      { message: '550-5.7.26 unauthenticated\n550 5.7.26 mail' },
      {
        kind: 'rejected',
        reply: '550-5.7.26 unauthenticated 5.7.26 mail',
        scope: 'us',
        enhancedCode: '5.7.26',
      },
      1,
    ],
  ])('%s', async (_name, script, expected, marks) => {
    for (const extensions of [['8BITMIME'], ['8BITMIME', 'PIPELINING']]) {
      const tried = await tryScript(script, {}, extensions);
      expect(tried.outcome).toEqual(expected);
      expect(tried.marks).toBe(marks);
      expect(tried.connection.usable).toBe(true);
      expect(tried.peer.commands.at(-1)).toBe('RSET');
    }
  });

  it('goes on with the next subscriber after one was refused', async () => {
    const peer = await openPeer({ script: { rcpt: (count) => (count === 2 ? '550 5.1.1 who?' : null) } });
    const connection = await connectTo(peer);
    const kinds = [];
    for (const name of ['a', 'b', 'c']) {
      kinds.push((await connection.handOver(message(BODY, `${name}@reader.example`), counter().mark)).kind);
    }
    expect(kinds).toEqual(['accepted', 'rejected', 'accepted']);
    expect(peer.connections).toHaveLength(1);
    expect(peer.connections[0]?.dots).toBe(2);
  });

  it('counts its messages, and is spent when the limit is reached', async () => {
    const peer = await openPeer();
    const connection = await connectTo(peer, { maxMessages: 2 });
    await connection.handOver(message(), counter().mark);
    expect(connection.usable).toBe(true);
    await connection.handOver(message(), counter().mark);
    expect(connection.usable).toBe(false);
    expect(await connection.handOver(message(), counter().mark)).toMatchObject({ kind: 'deferred' });
    await connection.close();
    expect(peer.commands.at(-1)).toBe('QUIT');
  });

  it.each<[string, Script]>([
    ['MAIL', { mail: { say: '421 4.3.2 closing', next: 'hang-up' } }],
    ['RCPT', { rcpt: { say: '421 4.3.2 closing', next: 'hang-up' } }],
    ['the message', { message: { say: '421 4.3.2 closing', next: 'hang-up' } }],
    ['MAIL, but stays', { mail: '421 4.3.2 closing' }],
  ])('takes 421 to %s for a deferral, and the session for closed', async (_name, script) => {
    for (const extensions of [[], ['PIPELINING']]) {
      const { outcome, connection } = await tryScript(script, {}, extensions);
      expect(outcome).toEqual({ kind: 'deferred', reply: '421 4.3.2 closing' });
      expect(connection.usable).toBe(false);
    }
  });

  it('accepts what the server accepted, also when it hangs up right after', async () => {
    const { outcome, connection, peer } = await tryScript({ message: { say: '250 ok', next: 'hang-up' } });
    expect(outcome).toEqual({ kind: 'accepted', reply: '250 ok' });
    await connection.close();
    expect(connection.usable).toBe(false);
    const counted = counter();
    expect(await connection.handOver(message(), counted.mark)).toMatchObject({ kind: 'deferred' });
    expect(counted.calls).toBe(0);
    expect(peer.connections[0]?.dots).toBe(1);
  });
});

describe('the mark and the dot', () => {
  it('never lets the dot leave before the mark resolved', async () => {
    const peer = await openPeer();
    const connection = await connectTo(peer);
    let whileHeld = '';
    const mark = async (): Promise<boolean> => {
      await peer.until(() => (peer.connections[0]?.bodies[0]?.length ?? 0) >= STUFFED.length);
      // A whole conversation elsewhere with the same server: a dot on its way would be there by now.
      const other = await transportTo(peer).connect();
      if (other.kind === 'connected') await other.connection.close();
      whileHeld = peer.connections[0]?.bodies[0]?.toString() ?? '';
      return true;
    };
    expect(await connection.handOver(message(), mark)).toMatchObject({ kind: 'accepted' });
    expect(whileHeld).toBe(STUFFED);
    expect(peer.connections[0]?.bodies[0]?.toString()).toBe(`${STUFFED}.\r\n`);
  });

  it('sends every other byte first, however long the message', async () => {
    const long = `Subject: long\r\n\r\n${'0123456789abcdef\r\n'.repeat(120_000)}`;
    const peer = await openPeer();
    const connection = await connectTo(peer);
    const mark = async (): Promise<boolean> => {
      await peer.until(() => peer.connections[0]?.bodies[0]?.length === long.length);
      return true;
    };
    expect(await connection.handOver(message(long), mark)).toMatchObject({ kind: 'accepted' });
  });

  it('sends no dot where the mark is refused', async () => {
    const peer = await openPeer();
    const connection = await connectTo(peer);
    const outcome = await connection.handOver(message(), counter(false).mark);
    expect(outcome.kind).toBe('deferred');
    expect(connection.usable).toBe(false);
    expect(peer.connections[0]?.dots).toBe(0);
  });

  it('sends no dot where the mark fails', async () => {
    const peer = await openPeer();
    const connection = await connectTo(peer);
    const outcome = await connection.handOver(message(), counter(new Error('disk full')).mark);
    expect(outcome.kind).toBe('deferred');
    expect(peer.connections[0]?.dots).toBe(0);
  });

  it('waits for the mark before it tells of a line that broke meanwhile, and then is in no doubt', async () => {
    let hangUp = (): void => undefined;
    const peer = await openPeer();
    const connection = await connectTo(peer);
    const steps: string[] = [];
    const mark = async (): Promise<boolean> => {
      hangUp = () => void peer.close();
      hangUp();
      while (connection.usable) await new Promise((resolve) => void setImmediate(resolve));
      steps.push('marked');
      return true;
    };
    const outcome = await connection.handOver(message(), mark);
    steps.push(outcome.kind);
    expect(steps).toEqual(['marked', 'deferred']);
  });

  it('asks for no mark while bytes of the message are stuck', async () => {
    const peer = await openPeer({ script: { data: { say: '354 go', next: 'stop-reading' } } });
    const connection = await connectTo(peer, { timeouts: { command: 300 } });
    const counted = counter();
    const outcome = await connection.handOver(message(HUGE), counted.mark);
    expect(outcome.kind).toBe('deferred');
    expect(counted.calls).toBe(0);
  });
});

describe('handOver, when the line breaks', () => {
  const ends = ['hang-up', 'reset'] as const;

  it.each<[string, (next: (typeof ends)[number]) => Script]>([
    ['at MAIL', (next) => ({ mail: { next } })],
    ['at RCPT', (next) => ({ rcpt: { next } })],
    ['at DATA', (next) => ({ data: { next } })],
  ])('%s, is never in doubt', async (_name, script) => {
    for (const next of ends) {
      const { outcome, connection } = await tryScript(script(next));
      expect(outcome.kind).toBe('deferred');
      expect(connection.usable).toBe(false);
    }
  });

  it.each<[string, (next: (typeof ends)[number]) => Script]>([
    ['after 354', (next) => ({ data: { say: '354 go', next } })],
    ['mid-body', (next) => ({ body: { next } })],
  ])('%s, is never in doubt, and is not marked', async (_name, script) => {
    for (const next of ends) {
      const connection = await connectTo(await openPeer({ script: script(next) }));
      const counted = counter();
      expect((await connection.handOver(message(HUGE), counted.mark)).kind).toBe('deferred');
      expect(connection.usable).toBe(false);
      expect(counted.calls).toBe(0);
    }
  });

  it.each(ends)('after the dot and before an answer (%s), is in doubt', async (next) => {
    const { outcome, marks, peer, connection } = await tryScript({ message: { next } });
    expect(outcome.kind).toBe('in-doubt');
    expect(marks).toBe(1);
    expect(peer.connections[0]?.dots).toBe(1);
    expect(connection.usable).toBe(false);
  });

  it('is in doubt when the answer never comes', async () => {
    const { outcome } = await tryScript({ message: SILENCE }, { timeouts: { finalReply: 50 } });
    expect(outcome.kind).toBe('in-doubt');
    expect(outcome.reply).toMatch(/No answer/);
  });

  it('does not wait longer for a server that trickles', async () => {
    const { outcome } = await tryScript(
      { message: '250-still\n250-thinking' },
      { timeouts: { finalReply: 50 } },
    );
    expect(outcome.kind).toBe('in-doubt');
  });

  it.each(['nonsense', '354 more?', '25', '999 what'])('is in doubt when the answer is %j', async (say) => {
    const { outcome, connection } = await tryScript({ message: { say, next: 'hang-up' } });
    expect(outcome.kind).toBe('in-doubt');
    expect(connection.usable).toBe(false);
  });

  it('is deferred when the server says nothing before the dot', async () => {
    for (const step of ['mail', 'rcpt', 'data'] as const) {
      const { outcome } = await tryScript({ [step]: SILENCE }, { timeouts: { command: 50 } });
      expect(outcome.kind).toBe('deferred');
    }
  });

  it.each<[string, Outcome['kind']]>([
    ['250 done already', 'deferred'],
    ['552 5.2.3 too long for them', 'rejected'],
    ['451 4.3.0 stop', 'deferred'],
  ])('takes %j in the middle of the body for what it can be, and sends no dot', async (early, kind) => {
    const peer = await openPeer({ script: { body: early } });
    const connection = await connectTo(peer);
    const mark = async (): Promise<boolean> => {
      while (connection.usable) await new Promise((resolve) => void setImmediate(resolve));
      return true;
    };
    const outcome = await connection.handOver(message(), mark);
    expect(outcome.kind).toBe(kind);
    expect(connection.usable).toBe(false);
    expect(peer.connections[0]?.dots).toBe(0);
  });

  it('ends a transaction in flight when it is closed', async () => {
    const peer = await openPeer({ script: { rcpt: SILENCE } });
    const connection = await connectTo(peer);
    const outcome = connection.handOver(message(), counter().mark);
    await peer.until(() => peer.commands.some((command) => command.startsWith('RCPT')));
    await connection.close();
    expect((await outcome).kind).toBe('deferred');
  });
});

describe('what the server offers', () => {
  it('does not try a message larger than SIZE: that is about us', async () => {
    const { outcome, marks, peer } = await tryScript({}, {}, ['SIZE 10']);
    expect(outcome).toMatchObject({ kind: 'rejected', scope: 'us', enhancedCode: '5.3.4' });
    expect(marks).toBe(0);
    expect(peer.commands.some((command) => command.startsWith('MAIL'))).toBe(false);
  });

  it('declares the size where that is known', async () => {
    const { peer } = await tryScript({}, {}, ['SIZE']);
    expect(peer.commands).toContain(`MAIL FROM:<digest@example.org> SIZE=${BODY.length}`);
  });

  it('needs SMTPUTF8 for an address beyond ASCII, and says so where it is missing', async () => {
    const international = message(`To: käthe@reader.example\r\n\r\nx\r\n`, 'käthe@reader.example');
    const plain = await connectTo(await openPeer({ extensions: ['8BITMIME'] }));
    const refused = await plain.handOver(international, counter().mark);
    expect(refused).toMatchObject({ kind: 'rejected', scope: 'subscriber' });
    expect(refused.reply).toMatch(/SMTPUTF8/);
    expect(plain.usable).toBe(true);

    const peer = await openPeer();
    const connection = await connectTo(peer);
    expect(await connection.handOver(international, counter().mark)).toMatchObject({ kind: 'accepted' });
    expect(peer.commands).toContain('MAIL FROM:<digest@example.org> SMTPUTF8 BODY=8BITMIME');
    expect(peer.commands).toContain('RCPT TO:<käthe@reader.example>');
  });

  it('greets with the name it was given when that is a domain name, else with a valid one', async () => {
    for (const [name, greeting] of [
      ['lists.example.org', /^EHLO lists\.example\.org$/],
      ['x\r\nMAIL FROM:<a@b.example>', /^EHLO [A-Za-z0-9.[\]-]+$/],
    ] as const) {
      const peer = await openPeer();
      await connectTo(peer, { name });
      expect(peer.commands[0]).toMatch(greeting);
      expect(peer.commands).toHaveLength(1);
    }
  });
});

describe('connect', () => {
  const connect = async (
    script: Script,
    options: Partial<SmtpTransportOptions> = {},
  ): Promise<ConnectResult> => transportTo(await openPeer({ script }), options).connect();

  it.each<[string, Script]>([
    ['hangs up at once', { connect: { next: 'hang-up' } }],
    ['resets at once', { connect: { next: 'reset' } }],
    ['greets with 4xx', { connect: '421 busy' }],
    ['hangs up at EHLO', { ehlo: { next: 'hang-up' } }],
    ['says 421 to EHLO', { ehlo: { say: '421 busy', next: 'hang-up' } }],
    ['never greets', { connect: SILENCE }],
    ['never answers EHLO', { ehlo: SILENCE }],
  ])('says that a server that %s cannot be reached', async (_name, script) => {
    expect(await connect(script, { timeouts: { greeting: 50, command: 50 } })).toMatchObject({
      kind: 'unreachable',
    });
  });

  it('says so where nothing listens', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const result = await transportTo({ port }).connect();
    expect(result).toMatchObject({ kind: 'unreachable' });
    expect(result.kind === 'unreachable' && result.reply).toMatch(/ECONNREFUSED/);
  });

  it.each<[string, Script]>([
    ['greets with 5xx', { connect: '554 5.7.1 listed' }],
    ['is no mail server', { connect: 'HTTP/1.1 400 Bad Request' }],
  ])('says that a server that %s refuses us', async (_name, script) => {
    expect(await connect(script)).toMatchObject({ kind: 'refused-us' });
  });

  it('works with a server that knows only HELO', async () => {
    const peer = await openPeer({ script: { ehlo: '502 no' } });
    const connection = await connectTo(peer);
    expect(await connection.handOver(message(), counter().mark)).toMatchObject({ kind: 'accepted' });
  });
});

describe('TLS and login', () => {
  const trusted = { authorities: [fixture('authority')] };
  /** 0.0.0.0 reaches this machine and is not one of its loopback addresses: the rules for the world hold. */
  const far = (peer: ScriptedPeer, scheme = 'smtp', login = 'ann:s%40cret@'): string =>
    `${scheme}://${login}0.0.0.0:${peer.port}`;
  const withTls = ['STARTTLS', 'AUTH PLAIN LOGIN'];

  it('encrypts by STARTTLS, logs in, and only then sends', async () => {
    const peer = await openPeer({ extensions: withTls });
    const connection = await connectTo(peer, { url: far(peer), ...trusted });
    expect(await connection.handOver(message(), counter().mark)).toMatchObject({ kind: 'accepted' });
    expect(peer.commands.map((command) => command.split(' ')[0])).toEqual([
      'EHLO',
      'STARTTLS',
      'EHLO',
      'AUTH',
      'MAIL',
      'RCPT',
      'DATA',
    ]);
    expect(peer.connections[0]?.isSecure).toBe(true);
    expect(Buffer.from(peer.commands[3]?.split(' ')[2] ?? '', 'base64').toString()).toBe('\0ann\0s@cret');
  });

  it('encrypts from the first byte for smtps, and holds the dot there too', async () => {
    const long = `Subject: long\r\n\r\n${'0123456789abcdef\r\n'.repeat(60_000)}`;
    const peer = await openPeer({ isImplicitTls: true, extensions: ['AUTH PLAIN'] });
    const connection = await connectTo(peer, { url: far(peer, 'smtps'), ...trusted });
    const mark = async (): Promise<boolean> => {
      await peer.until(() => peer.connections[0]?.bodies[0]?.toString() === long);
      return true;
    };
    expect(await connection.handOver(message(long), mark)).toMatchObject({ kind: 'accepted' });
    expect(peer.connections[0]?.bodies[0]?.toString()).toBe(`${long}.\r\n`);
  });

  it.each<[string, Parameters<typeof openScriptedPeer>[0]]>([
    ['does not offer it', { extensions: ['AUTH PLAIN'], script: { starttls: '502 5.5.1 what?' } }],
    ['refuses it', { extensions: withTls, script: { starttls: '554 5.7.3 no' } }],
    ['has another’s certificate', { extensions: withTls, certificate: 'wrong-name' }],
    ['has an expired certificate', { extensions: withTls, certificate: 'expired' }],
  ])('sends nothing in clear to a server that %s', async (_name, options) => {
    const peer = await openPeer(options);
    const result = await transportTo(peer, { url: far(peer), ...trusted }).connect();
    expect(result).toMatchObject({ kind: 'refused-us' });
    expect(peer.commands.filter((command) => /^(?:AUTH|MAIL)/.test(command))).toEqual([]);
    expect(JSON.stringify(result)).not.toContain('cret');
  });

  it('trusts no certificate that nobody vouches for', async () => {
    for (const isImplicitTls of [false, true]) {
      const peer = await openPeer({ extensions: withTls, isImplicitTls });
      const url = far(peer, isImplicitTls ? 'smtps' : 'smtp');
      const result = await transportTo(peer, { url }).connect();
      expect(result).toMatchObject({ kind: 'refused-us' });
      expect(result.kind === 'refused-us' && result.hint).toMatch(/certificate/);
    }
  });

  it('explains smtps to a port that speaks in clear', async () => {
    const peer = await openPeer({});
    const result = await transportTo(peer, { url: far(peer, 'smtps') }).connect();
    expect(result.kind === 'refused-us' && result.hint).toMatch(/port/);
  });

  it('tries again later when TLS is refused for now, or the handshake breaks off', async () => {
    for (const starttls of ['454 4.7.0 later', { say: '220 go', next: 'hang-up' }] as const) {
      const peer = await openPeer({ extensions: withTls, script: { starttls } });
      expect(await transportTo(peer, { url: far(peer) }).connect()).toMatchObject({ kind: 'unreachable' });
    }
  });

  it('may log in in clear on loopback, where the server lets it', async () => {
    const peer = await openPeer({ extensions: ['AUTH PLAIN'] });
    await connectTo(peer, { url: `smtp://ann:secret@127.0.0.1:${peer.port}` });
    expect(peer.commands[1]).toMatch(/^AUTH PLAIN/);
  });

  it('says that a wrong password is about us, and a busy login server is not', async () => {
    for (const [auth, kind] of [
      ['535 5.7.8 wrong', 'refused-us'],
      ['454 4.7.0 busy', 'unreachable'],
    ] as const) {
      const peer = await openPeer({ extensions: ['AUTH PLAIN'], script: { auth } });
      const result = await transportTo(peer, { url: `smtp://ann:secret@127.0.0.1:${peer.port}` }).connect();
      expect(result).toMatchObject({ kind, reply: auth });
    }
  });

  it('says so where no login is offered', async () => {
    const peer = await openPeer({ extensions: [] });
    const result = await transportTo(peer, { url: `smtp://ann:secret@127.0.0.1:${peer.port}` }).connect();
    expect(result).toMatchObject({ kind: 'refused-us', reply: 'The server offers no login' });
  });

  it('never repeats the password, whatever form the server repeats it in', async () => {
    const password = 'h@ll  o/w%rld';
    const forms = [
      password,
      Buffer.from(password).toString('base64'),
      Buffer.from(`\0ann\0${password}`).toString('base64'),
    ];
    const url = (port: number): string => `smtp://ann:${encodeURIComponent(password)}@127.0.0.1:${port}`;
    for (const form of forms) {
      const extensions = ['AUTH PLAIN'];
      const refusing = await openPeer({ extensions, script: { auth: `535 5.7.8 not ${form}` } });
      const refused = JSON.stringify(await transportTo(refusing, { url: url(refusing.port) }).connect());
      const peer = await openPeer({ extensions, script: { rcpt: `550 5.1.1 ${'x'.repeat(485)}${form}` } });
      const connection = await connectTo(peer, { url: url(peer.port) });
      const told = JSON.stringify(await connection.handOver(message(), counter().mark));
      for (const secret of [...forms, 'h@ll o/w%rld']) {
        expect(refused).not.toContain(secret);
        expect(told).not.toContain(secret.slice(0, 6));
      }
    }
  });
});

describe('close', () => {
  it('says goodbye, once, and needs no answer', async () => {
    const peer = await openPeer({ script: { quit: { next: 'hang-up' } } });
    const connection = await connectTo(peer);
    await connection.close();
    await connection.close();
    expect(peer.commands.filter((command) => command === 'QUIT')).toHaveLength(1);
    expect(connection.usable).toBe(false);
  });

  it('does not mind a server that has gone', async () => {
    const peer = await openPeer();
    const connection = await connectTo(peer);
    await peer.close();
    await connection.close();
    expect(connection.usable).toBe(false);
  });
});

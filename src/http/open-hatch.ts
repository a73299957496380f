/**
 * The hatch: plain requests for what is in memory are answered before HTTP's own parser is set to work, which costs more than the answer. The first
 * request that is anything else goes to the parser, whole, and with it the connection for good.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type PlainRequest, readHead } from './read-head.ts';

/** Null for what is not to be had here. */
export type AnswerPlain = (
  request: PlainRequest,
  peer: string | undefined,
) => {
  /** With its last empty line. */
  readonly head: Buffer;
  readonly body: Buffer | null;
} | null;

/** In milliseconds. */
export type HatchLimits = {
  /** From connecting to the first byte. */
  readonly headers: number;
  /** Between an answer and the next request. */
  readonly idle: number;
  /** While an answer is not taken. */
  readonly silence: number;
};

/** Puts the hatch before the server's own listener for connections. */
export function openHatch(server: Server, answer: AnswerPlain, limits: HatchLimits): void {
  const [parse] = server.listeners('connection');
  if (!parse) throw new Error('the server does not listen for connections');
  server.removeListener('connection', parse);
  server.prependListener('connection', (socket: Socket) => {
    socket.setTimeout(limits.headers);
    const stop = listen(socket, {
      take: (chunk) => answerChunk(socket, chunk, answer, limits),
      leave: (chunk) => {
        stop();
        socket.setTimeout(0);
        parse.call(server, socket);
        socket.emit('data', chunk);
      },
    });
  });
}

/** False when it must be parsed. Answers leave in their order: one that is not taken yet holds up the next. */
function answerChunk(socket: Socket, chunk: Buffer, answer: AnswerPlain, limits: HatchLimits): boolean {
  const request = socket.writableLength === 0 ? readHead(chunk) : null;
  const found = request && answer(request, socket.remoteAddress);
  if (!found) return false;
  if (found.body === null) socket.write(found.head);
  else {
    socket.cork();
    socket.write(found.head);
    socket.write(found.body);
    socket.uncork();
  }
  const patience = socket.writableLength === 0 ? limits.idle : limits.silence;
  // Every byte starts it anew by itself.
  if (socket.timeout !== patience) socket.setTimeout(patience);
  return true;
}

type Listening = {
  readonly take: (chunk: Buffer) => boolean;
  readonly leave: (chunk: Buffer) => void;
};

/** Until it is stopped. A connection that breaks, falls silent or says goodbye is let go of, once what it was sent has left. */
function listen(socket: Socket, { take, leave }: Listening): () => void {
  const onData = (chunk: Buffer): void => {
    if (!take(chunk)) leave(chunk);
  };
  const onEnd = (): void => void socket.end();
  const onBroken = (): void => void socket.destroy();
  socket.on('data', onData).on('end', onEnd).on('timeout', onBroken).on('error', onBroken);
  return () => {
    socket.off('data', onData).off('end', onEnd).off('timeout', onBroken).off('error', onBroken);
  };
}

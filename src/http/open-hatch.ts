/**
 * The hatch: plain requests for what is in memory are answered before HTTP's own parser is set to work, which costs more than the answer. The first
 * request that is anything else goes to the parser, whole, and with it the connection for good.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type PlainRequest, readHead } from './read-head.ts';

/** The bytes of an answer, in the order they are sent. */
export type PlainAnswer = readonly Buffer[];

/** Takes a request, which is answered each time it is asked in the same words. Null for what is not to be had here, or not now. */
export type AnswerPlain = (
  request: PlainRequest,
  peer: string | undefined,
) => (() => PlainAnswer | null) | null;

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
    const findAnswer = openAnswers(socket, answer);
    const stop = listen(socket, limits.silence, {
      take: (chunk) => {
        const found = findAnswer(chunk);
        if (found === null) return false;
        for (const piece of found) socket.write(piece);
        // Every byte starts it anew by itself.
        if (socket.timeout !== limits.idle) socket.setTimeout(limits.idle);
        return true;
      },
      leave: (chunk) => {
        stop();
        socket.setTimeout(0);
        parse.call(server, socket);
        socket.emit('data', chunk);
      },
    });
  });
}

/**
 * What a connection says is answered with; null when it must be parsed. Answers leave in their order: one that is not taken yet holds up the next. Programs that
 * ask again on one connection do so in the same bytes, which are understood once.
 */
function openAnswers(socket: Socket, answer: AnswerPlain): (chunk: Buffer) => PlainAnswer | null {
  let said = '';
  let answerAgain: ReturnType<AnswerPlain> = null;
  return (chunk) => {
    if (socket.writableLength > 0) return null;
    const text = chunk.toString('latin1');
    if (text !== said) {
      const request = readHead(text);
      answerAgain = request && answer(request, socket.remoteAddress);
      said = text;
    }
    return answerAgain && answerAgain();
  };
}

type Listening = {
  readonly take: (chunk: Buffer) => boolean;
  readonly leave: (chunk: Buffer) => void;
};

/**
 * Until it is stopped. A connection that breaks, falls silent or says goodbye is let go of, once what it was sent has left; who is slow to take it is waited for
 * once and again, up to `silence`.
 */
function listen(socket: Socket, silence: number, { take, leave }: Listening): () => void {
  let waited = 0;
  const onData = (chunk: Buffer): void => {
    waited = 0;
    if (!take(chunk)) leave(chunk);
  };
  const onEnd = (): void => void socket.end();
  const onBroken = (): void => void socket.destroy();
  const onTimeout = (): void => {
    const { timeout = 0 } = socket;
    waited += timeout;
    if (socket.writableLength === 0 || waited >= silence) socket.destroy();
    else socket.setTimeout(timeout);
  };
  socket.on('data', onData).on('end', onEnd).on('timeout', onTimeout).on('error', onBroken);
  return () => {
    socket.off('data', onData).off('end', onEnd).off('timeout', onTimeout).off('error', onBroken);
  };
}

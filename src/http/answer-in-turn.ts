/**
 * Requests of one connection are taken one after the other. They are answered in their order anyway (RFC 9112 §9.3.2), so nobody waits longer; but who
 * sends hundreds in one go, and takes no answer, costs one answer and not all of them.
 */
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { openTurns } from './open-turns.ts';

/** A request to be answered: resolves when that is over, the answer taken by the client or cut off. */
type Answering = () => Promise<void>;

/** No honest client has so many under way on one connection; each takes memory. */
const MOST_IN_LINE = 1000;

/** Before the server's own listener for requests. */
export function answerInTurn(server: Server): void {
  const [answer] = server.listeners('request');
  if (!answer) throw new Error('the server does not listen for requests');
  /** Of connections with a request under way: those that came after it. */
  const queues = new WeakMap<Socket, Answering[]>();
  const turn = openTurns();

  const answerAll = async (socket: Socket, first: Answering): Promise<void> => {
    const queue: Answering[] = [];
    queues.set(socket, queue);
    await first();
    for (let next = queue.shift(); next; next = queue.shift()) {
      await turn();
      if (!socket.destroyed) await next();
    }
    queues.delete(socket);
  };

  server.removeListener('request', answer);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const answering = async (): Promise<void> => {
      const isOver = once(response, 'close').catch(() => undefined);
      answer.call(server, request, response);
      await isOver;
    };
    const queue = queues.get(socket);
    if (!queue) void answerAll(socket, answering);
    else if (queue.length < MOST_IN_LINE) queue.push(answering);
    else socket.destroy();
  });
}

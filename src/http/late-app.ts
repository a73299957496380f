/**
 * A web server that listens before the program behind it is there: its port must be known before any document that names it is made. Requests
 * that come meanwhile wait; when the program never comes, they are turned away.
 */
import { openTurns } from './open-turns.ts';
import { type Answering, type RunningWeb, serveWeb } from './serve-web.ts';

export type LateWeb = RunningWeb & {
  /** From now on requests are answered. */
  readonly answerWith: (app: Answering) => void;
};

/** Throws OperatorError for a port or host that cannot be had. */
export async function serveLate(place: { readonly host: string; readonly port: number }): Promise<LateWeb> {
  const { promise, resolve } = Promise.withResolvers<Answering>();
  let answering: Answering | null = null;
  const turn = openTurns();
  void promise.then((app) => (answering = app));
  const web = await serveWeb(
    {
      fetch: async (...request) => {
        if (answering) return await answering.fetch(...request);
        const app = await promise;
        await turn();
        return await app.fetch(...request);
      },
      answerPlain: (request, peer) => answering?.answerPlain?.(request, peer) ?? null,
    },
    place,
  );
  const close = async (): Promise<void> => {
    resolve({ fetch: () => new Response('This server is closing.\n', { status: 503 }) });
    await web.close();
  };
  return { ...web, answerWith: resolve, close };
}

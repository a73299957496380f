/** Links in documents need the address that they lead to. A port that the system chooses is known only to the program that listens on it. */
import { OperatorError } from '../../domain/operator-error.ts';
import type { Publication } from '../../domain/publication.ts';

/** To be called before a document is made. Throws OperatorError where its links would lead to port 0. */
export function requireKnownAddress({ url, serverUrl }: Pick<Publication, 'url' | 'serverUrl'>): void {
  if (new URL(url).port !== '0' && new URL(serverUrl).port !== '0') return;
  throw new OperatorError(
    'server.port is 0 in config/renga.yaml, so links to this machine would have no port.',
    'Set a port there, or publication.url and server.url; `renga serve` also publishes, and knows the port it was given.',
  );
}

/** What the tests of web servers before Renga stand on: free ports, and a visitor that speaks TLS to any name and comes from any loopback address. */
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { createServer } from 'node:net';

export const HOST = 'blog.example.org';

export async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

/** `from`: the loopback address the visitor has. */
export async function ask(
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
    from = '127.0.0.1',
  }: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly from?: string;
  } = {},
): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const asking = request(
      {
        host: '127.0.0.1',
        localAddress: from,
        port,
        path,
        method,
        servername: HOST,
        rejectUnauthorized: false,
        agent: false,
        headers: {
          Host: HOST,
          ...(body && { 'Content-Length': String(Buffer.byteLength(body)) }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    asking.on('error', reject);
    asking.end(body);
  });
}

export async function answers(port: number): Promise<boolean> {
  return await ask(port, '/healthz').then(
    ({ status }) => status === 200,
    () => false,
  );
}

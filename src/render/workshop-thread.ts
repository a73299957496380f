/** One thread of the workshop: answers requests one after the other, each as soon as it is done. Started by `thread-pool.ts`, which kills it when it takes too long. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkFeeds } from './feeds/check/check-feeds.ts';
import { renderBody } from './render-body.ts';
import { createLiquidRenderer } from './render-liquid.ts';
import type { Templates } from './templates.ts';
import type { WorkshopAnswer, WorkshopRequest } from './workshop-job.ts';

const liquid = createLiquidRenderer(workerData as Templates);

parentPort?.on('message', (requests: readonly WorkshopRequest[]) => {
  for (const request of requests) parentPort?.postMessage(answer(request), []);
});
parentPort?.postMessage('ready', []);

function answer(request: WorkshopRequest): WorkshopAnswer {
  if (request.kind === 'body') return { kind: 'body', result: renderBody(request.job) };
  if (request.kind === 'feeds') {
    const { feeds, now } = request;
    return { kind: 'faults', faults: checkFeeds(feeds, { epochMilliseconds: now }) };
  }
  const { data } = request;
  const result =
    request.kind === 'template' ? liquid.template(request.name, data) : liquid.pattern(request.pattern, data);
  return { kind: 'liquid', result };
}

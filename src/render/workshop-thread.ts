/**
 * One thread of the workshop: answers requests one after the other, each as soon as it is done. Started by `thread-pool.ts`, which kills it when it takes
 * too long. What a kind of request needs is loaded when the first one comes, or before that in a pause: so the first answer waits for nothing else.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { BodyJob, BodyResult } from './body-job.ts';
import type { Templates } from './templates.ts';
import type { WorkshopAnswer, WorkshopRequest } from './workshop-job.ts';

/** Loaded once. */
class Part<Loaded> {
  readonly #load: () => Promise<Loaded>;
  #loading: Promise<Loaded> | null = null;
  /** Null until it is there. */
  loaded: Loaded | null = null;

  constructor(load: () => Promise<Loaded>) {
    this.#load = load;
  }

  async load(): Promise<Loaded> {
    return (this.loaded = await (this.#loading ??= this.#load()));
  }
}

const bodies = new Part(async () => await import('./render-body.ts'));
const liquid = new Part(async () =>
  (await import('./liquid/render-liquid.ts')).createLiquidRenderer(workerData as Templates),
);
/** For posts with HTML of their own, which are few. */
const sanitiser = new Part(async () => await import('./sanitise-html.ts'));
const texts = new Part(async () => await import('./text.ts'));
const feeds = new Part(async () => await import('./feeds/make-feeds.ts'));

const partOf = { body: bodies, template: liquid, pattern: liquid, text: texts, feeds } as const;

/** Whether the pool was told that it may count the time. */
let isReady = false;
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (requests: readonly WorkshopRequest[]) => {
  last = takeAfter(last, requests);
});
await prepare();
if (!isReady) tell('ready');

/** What a publish with a new post asks for, in the order in which it does. */
async function prepare(): Promise<void> {
  const pages = ['post', 'front', 'archive', 'list'].map((page) => async (): Promise<void> => {
    (await liquid.load()).prepare(`page-${page}.liquid`);
  });
  for (const step of [bodies, liquid, ...pages, texts, feeds]) {
    await (typeof step === 'function' ? step() : step.load());
    // A request that came meanwhile is answered first: the end of this turn may come before it is heard, that of the next does not.
    await endOfTurn();
    await endOfTurn();
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

async function takeAfter(before: Promise<void>, requests: readonly WorkshopRequest[]): Promise<void> {
  await before;
  for (const request of requests) await take(request);
}

async function take(request: WorkshopRequest): Promise<void> {
  const part = partOf[request.kind];
  if (isReady && !part.loaded) tell('loading');
  await part.load();
  if (!isReady) tell('ready');
  const answered = await answer(request);
  parentPort?.postMessage(answered, listMoved(answered));
}

/** What is handed over, not copied. */
function listMoved(answered: WorkshopAnswer): ArrayBuffer[] {
  if (answered.kind !== 'feeds' || answered.result.kind !== 'fit') return [];
  return Object.values(answered.result.files).map(({ buffer }) => buffer);
}

function tell(state: 'ready' | 'loading'): void {
  isReady = state === 'ready';
  parentPort?.postMessage(state, []);
}

async function renderBody(job: BodyJob): Promise<BodyResult> {
  const { renderBody: render } = await bodies.load();
  return (
    render(job, sanitiser.loaded?.sanitiseHtml ?? null) ?? render(job, (await sanitiser.load()).sanitiseHtml)
  );
}

async function answer(request: WorkshopRequest): Promise<WorkshopAnswer> {
  switch (request.kind) {
    case 'body':
      return { kind: 'body', result: await renderBody(request.job) };
    case 'text':
      return { kind: 'text', text: (await texts.load()).renderText(request.html) };
    case 'feeds':
      return { kind: 'feeds', result: (await feeds.load()).makeFeeds(request.job) };
    case 'template':
      return { kind: 'liquid', result: (await liquid.load()).template(request.name, request.data) };
    case 'pattern':
      return { kind: 'liquid', result: (await liquid.load()).pattern(request.pattern, request.data) };
    default:
      return request satisfies never;
  }
}

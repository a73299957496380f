/** Makes one call: a ping to a hub, the verification of what was asked of the embedded one (WebSub §5.3), or the delivery of a document (§7). */
import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutgoingAnswer } from '../../domain/outgoing.ts';
import type { Call, Callback, Intent } from '../../domain/websub.ts';
import type { Renga } from '../renga.ts';
import { nextCallAt } from './call-schedule.ts';
import { composeLink, topicPath, topicType } from './topics.ts';

export type Caller = Pick<
  Renga,
  'root' | 'publication' | 'websub' | 'store' | 'clock' | 'report' | 'sendRequest'
>;

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Settles the call, whatever comes of it. An answer that came because we were stopped says nothing: then the call is due again at once. */
export async function makeCall(caller: Caller, call: Call, signal: AbortSignal): Promise<void> {
  const make = { ping, verify, deliver }[call.kind];
  await make(caller, call, signal);
}

async function ping(caller: Caller, call: Call, signal: AbortSignal): Promise<void> {
  const { topic, target } = call;
  const body = new URLSearchParams({ 'hub.mode': 'publish', 'hub.url': topic }).toString();
  const answer = await caller.sendRequest(
    { method: 'POST', url: target, headers: FORM, body, redirects: 3, largestAnswer: 300 },
    signal,
  );
  if (!isOk(answer)) return await tryAgain(caller, call, answer, signal);
  await caller.store.websub.settle(call, null, caller.clock());
  caller.report({ kind: 'pinged', hub: target, topic });
}

async function verify(caller: Caller, call: Call, signal: AbortSignal): Promise<void> {
  const { intent } = call;
  if (!intent) throw new Error('a verification has an intent');
  const challenge = randomBytes(24).toString('base64url');
  const answer = await caller.sendRequest(
    {
      method: 'GET',
      url: addQuery(call.target, composeQuestion(call.topic, intent, challenge)),
      headers: {},
      body: null,
      redirects: 0,
      largestAnswer: challenge.length + 1,
    },
    signal,
  );
  if (answer.kind !== 'answered') return await tryAgain(caller, call, answer, signal);
  const now = caller.clock();
  // §5.3.1: only 2xx with the challenge for its body confirms; anything else means that they never asked.
  const isConfirmed = intent.mode !== 'denied' && isOk(answer) && answer.body === challenge;
  if (!isConfirmed) return await caller.store.websub.settle(call, null, now);
  const leaseUntil = intent.mode === 'subscribe' ? now.add({ seconds: intent.leaseSeconds }) : null;
  await caller.store.websub.confirm(call, leaseUntil, now);
}

function composeQuestion(topic: string, intent: Intent, challenge: string): URLSearchParams {
  const question = new URLSearchParams({ 'hub.mode': intent.mode, 'hub.topic': topic });
  if (intent.mode === 'denied') question.set('hub.reason', intent.reason);
  else question.set('hub.challenge', challenge);
  if (intent.mode === 'subscribe') question.set('hub.lease_seconds', String(intent.leaseSeconds));
  return question;
}

/** §5.3: the callback's own query is kept, to the letter. */
function addQuery(callback: string, question: URLSearchParams): string {
  if (!callback.includes('?')) return `${callback}?${question.toString()}`;
  return `${callback}${/[?&]$/u.test(callback) ? '' : '&'}${question.toString()}`;
}

async function deliver(caller: Caller, call: Call, signal: AbortSignal): Promise<void> {
  const { websub } = caller.store;
  const callback = await websub.callback(call.topic, call.target, caller.clock());
  if (!callback) return await websub.settle(call, null, caller.clock());
  const path = topicPath(caller.publication, call.topic);
  const document = path && (await readFile(join(caller.root, 'public', path)).catch(() => null));
  if (!path || !document) return await retire(caller, call);
  const answer = await caller.sendRequest(
    {
      method: 'POST',
      url: call.target,
      headers: composeHeaders(caller, callback, path, document),
      body: document,
      redirects: 0,
      largestAnswer: 0,
    },
    signal,
  );
  // §7: Gone means that they want no more.
  if (answer.kind === 'answered' && answer.status === 410) {
    return await websub.endCallback(call.topic, call.target);
  }
  if (!isOk(answer)) return await tryAgain(caller, call, answer, signal);
  await websub.settle(call, null, caller.clock());
}

function composeHeaders(
  { websub }: Pick<Caller, 'websub'>,
  { secret, topic }: Callback,
  path: string,
  document: Uint8Array,
): Readonly<Record<string, string>> {
  return {
    'Content-Type': topicType(path),
    Link: composeLink(websub.hubs, topic),
    // §7.1.
    ...(secret !== null && {
      'X-Hub-Signature': `sha256=${createHmac('sha256', secret).update(document).digest('hex')}`,
    }),
  };
}

/** The feed is no more: §5.2 has its callbacks told that there is nothing to come. */
async function retire({ store, clock }: Caller, { topic, target }: Call): Promise<void> {
  await store.websub.endCallback(topic, target);
  const intent = { mode: 'denied', reason: 'this feed is no more' } as const;
  await store.websub.ask({ topic, callback: target, intent }, { all: 0, perHost: 0 }, clock());
}

function isOk(answer: OutgoingAnswer): boolean {
  return answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
}

async function tryAgain(
  { store, clock, report }: Caller,
  call: Call,
  answer: OutgoingAnswer,
  signal: AbortSignal,
): Promise<void> {
  const now = clock();
  if (signal.aborted) return await store.websub.settle(call, now, now);
  // Where we do not go now, we would not go later.
  const next = answer.kind === 'refused' ? null : nextCallAt(call, call.attempts + 1, now);
  await store.websub.settle(call, next, now);
  if (next !== null) {
    if (answer.kind === 'failed') await store.websub.putOffHost(call, next, now);
    return;
  }
  const reason = answer.kind === 'answered' ? `it answers ${answer.status}` : answer.reason;
  report({ kind: 'call-given-up', call: call.kind, host: new URL(call.target).host, reason });
}

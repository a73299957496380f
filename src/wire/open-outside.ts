/** Wires what goes out to servers of strangers, and the commands that carry files elsewhere. */
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Renga } from '../app/renga.ts';
import type { Config } from '../config/config.ts';
import type { SendRequest } from '../domain/outgoing.ts';
import type { RequestLimits } from '../outside/open-requests.ts';
import { ANYWHERE, judgeUrl, PUBLIC_ONLY, type PlaceRules } from '../outside/place-rules.ts';
import { openCommands } from '../outside/run-command.ts';
import { openLock } from '../store/open-lock.ts';

const REQUEST_MILLISECONDS = 10_000;
/** For each of the steps of one target. What a command of its kind has carried by then, the next run need not. */
const COMMAND_MILLISECONDS = 900_000;

export function openOutside(
  root: string,
  { network, websub, targets, publication }: Config,
  version: string,
): Pick<Renga, 'websub' | 'targets' | 'sendRequest' | 'judgeAddress' | 'runCommand' | 'carryLock'> {
  const rules = network.allowPrivate ? ANYWHERE : PUBLIC_ONLY;
  const userAgent = `Renga/${version} (+${publication.url})`;
  return {
    websub,
    targets,
    sendRequest: sendLater({ rules, timeLimit: REQUEST_MILLISECONDS, userAgent }),
    judgeAddress: (url) => judgeAddress(rules, url),
    runCommand: openCommands({ environment: process.env, timeLimit: COMMAND_MILLISECONDS }),
    carryLock: openLock(join(root, 'var', 'carry.lock')),
  };
}

/** Loaded with the first request: most runs make none. */
function sendLater(limits: RequestLimits): SendRequest {
  let opening: Promise<SendRequest> | null = null;
  const open = async (): Promise<SendRequest> => {
    const { openRequests } = await import('../outside/open-requests.ts');
    return openRequests(limits);
  };
  return async (request, signal) => await (await (opening ??= open()))(request, signal);
}

/** What its name leads to is judged when it is called. */
function judgeAddress(rules: PlaceRules, text: string): string | null {
  const judged = judgeUrl(text, rules);
  if (judged.kind === 'refused') return judged.reason;
  const host = judged.url.hostname.replace(/^\[|\]$/gu, '');
  const kind = isIP(host) === 0 ? null : rules.refuse(host);
  return kind === null ? null : `its address is ${kind}`;
}

/**
 * What must fit together before mail may leave for other people's machines: an address it comes from, and links that work
 * there. Judged on the values as written, so that all mistakes are told at once, whatever else is wrong.
 */
import { isLoopbackUrl, isReachableUrl } from '../domain/is-reachable-url.ts';
import type { MisplacedValue } from './mistake.ts';

export type LinkFindings = {
  readonly mistakes: readonly MisplacedValue[];
  /** A mail server on this machine may be there for trying things out, so it only has to be said. */
  readonly warnings: readonly MisplacedValue[];
};

const NOTHING: LinkFindings = { mistakes: [], warnings: [] };

export function checkLinks(values: unknown): LinkFindings {
  if (typeof keyOf(values, 'smtp') !== 'object') return NOTHING;
  const dead = [...checkPublicationUrl(values), ...checkServerUrl(values)];
  // One account that leads away from this machine is enough.
  const accounts = [keyOf(values, 'smtp')].flat();
  const isLocal = accounts.every((account) => isLoopbackUrl(textAt(account, 'url') ?? ''));
  const from = checkFrom(values);
  return isLocal ? { mistakes: from, warnings: dead } : { mistakes: [...from, ...dead], warnings: [] };
}

function checkFrom(values: unknown): readonly MisplacedValue[] {
  if (keyOf(values, 'from') !== undefined) return [];
  return [
    {
      path: ['smtp'],
      message: 'from is missing: mail through smtp.url needs an address of yours that it comes from',
    },
  ];
}

function checkPublicationUrl(values: unknown): readonly MisplacedValue[] {
  const publication = keyOf(values, 'publication');
  const url = textOf(values, 'publication', 'url');
  if (url === null && keyOf(publication, 'url') === undefined) {
    const message = 'publication.url is missing: the links in mail need the address your pages stand under';
    return [{ path: ['publication'], message }];
  }
  if (url === null || isReachableUrl(url)) return [];
  const message =
    'publication.url leads nowhere for readers: give the address your pages stand under, or set smtp: inbox';
  return [{ path: ['publication', 'url'], message }];
}

/** Pages of ours are served by our server, so unsubscribing works there too; those of another generator may lie anywhere. */
function checkServerUrl(values: unknown): readonly MisplacedValue[] {
  const url = textOf(values, 'server', 'url');
  if (url !== null && !isReachableUrl(url)) {
    return [
      {
        path: ['server', 'url'],
        message: 'server.url leads nowhere for readers, and the unsubscribe link needs it',
      },
    ];
  }
  const isServedElsewhere = keyOf(keyOf(values, 'pages'), 'enabled') === false;
  if (!isServedElsewhere || keyOf(keyOf(values, 'server'), 'url') !== undefined) return [];
  const message =
    'server.url is missing: where pages.enabled is false, the unsubscribe link needs the address of this server';
  return [{ path: ['server'], message }];
}

function keyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

function textAt(value: unknown, key: string): string | null {
  const text = keyOf(value, key);
  return typeof text === 'string' ? text : null;
}

function textOf(values: unknown, section: string, key: string): string | null {
  return textAt(keyOf(values, section), key);
}

/** What the file says about the world outside → what the program works with. */
import { isAbsolute, relative, resolve } from 'node:path';
import type { Target } from '../domain/target.ts';
import { EMBEDDED_HUB } from '../domain/websub.ts';
import type { WebsubSetting } from './config.ts';
import type { WrittenConfig } from './config-schema.ts';
import { isReachableUrl } from '../domain/is-reachable-url.ts';
import type { MisplacedValue } from './mistake.ts';

/** A hub that cannot reach the feeds is not told of them: see `checkHubs`. */
export function composeWebsub(written: WrittenConfig, serverUrl: string): WebsubSetting {
  const named = checkHubs(written).length > 0 ? [] : [...new Set([written.websub ?? []].flat())];
  const isHub = named.includes(EMBEDDED_HUB);
  const ownUrl = new URL('websub', serverUrl).href;
  return {
    hubs: named.map((hub) => (hub === EMBEDDED_HUB ? ownUrl : hub)),
    ownHub: isHub ? ownUrl : null,
  };
}

export function composeTargets({ to }: WrittenConfig['publish'], root: string): readonly Target[] {
  return [to].flat().map((target) => {
    if (typeof target === 'string') return { kind: 'folder', folder: resolve(root, target) };
    const { command, remove = command } = target;
    return { kind: 'command', command, remove };
  });
}

/** What is made or kept there would be taken for a post, be published again, or be overwritten. */
const OWN_FOLDERS = ['public', 'posts', 'config', 'templates', 'var'];

/** A target may be in a folder of its own, but never around or within what is ours. */
export function checkTargets(written: WrittenConfig | undefined, root: string): readonly MisplacedValue[] {
  if (!written) return [];
  const targets = composeTargets(written.publish, root);
  return targets.flatMap((target, index) => {
    if (target.kind !== 'folder') return [];
    const path = Array.isArray(written.publish.to) ? ['publish', 'to', index] : ['publish', 'to'];
    const own = OWN_FOLDERS.find((name) => isWithin(resolve(root, name), target.folder));
    if (own !== undefined)
      return [{ path, message: `publish.to must not be in ${own}/: that folder is Renga's own` }];
    if (!isWithin(target.folder, root)) return [];
    return [{ path, message: "publish.to must not be the publication's own folder, or one around it" }];
  });
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

/** Topics are the addresses of feeds: at a hub somewhere else they must lead back to us. */
export function checkHubs(written: WrittenConfig | undefined): readonly MisplacedValue[] {
  if (!written || [written.websub ?? []].flat().length === 0 || written.network.allowPrivate) return [];
  const { url } = written.publication;
  if (url !== undefined && isReachableUrl(url)) return [];
  const message =
    'websub does nothing yet: a hub cannot reach the feeds while publication.url leads nowhere for others';
  return [{ path: ['websub'], message }];
}

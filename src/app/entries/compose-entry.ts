/** One entry: a post with the facts of its body and the files beside it that it shows. */
import { hash } from 'node:crypto';
import type { Asset } from '../../domain/body.ts';
import type { Media } from '../../domain/entry.ts';
import { renderHaikuLine } from '../../domain/haiku.ts';
import type { Post } from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';
import type { FoundAssets } from '../../posts/find-assets.ts';
import { composePostUrl } from './compose-post-url.ts';
import type { Gathered } from '../identity/gather-posts.ts';
import { type BodyFacts, bodyKey, type BodyKeeper, loadHtml } from './keep-bodies.ts';
import type { OneEntry, PreparedEntry } from './prepared-entry.ts';

export function composeEntry(
  renga: BodyKeeper,
  post: Post,
  facts: Extract<BodyFacts, { kind: 'rendered' }>,
  found: FoundFiles,
  markdownOf: Gathered['markdownOf'],
): OneEntry {
  const urlOf = (asset: Asset): string => new URL(encodePath(asset.publicPath), renga.publication.url).href;
  const image = found.assets.find((asset) => asset.reference === post.image);
  const audio = found.assets.find((asset) => asset.reference === post.audio);
  const sound = composeMedia('audio', audio, urlOf).map((one) => withDuration(one, post));
  const media = [...sound, ...composeMedia('image', image, urlOf)];
  const isSilent = audio !== undefined && media.every(({ kind }) => kind !== 'audio');
  const entry: PreparedEntry = {
    post,
    url: composePostUrl(renga, post),
    summary: post.summary ?? facts.excerpt,
    excerpt: facts.excerpt,
    headings: facts.headings,
    bodyWeight: facts.weight,
    imageUrl: image ? urlOf(image) : absoluteOrNull(post.image),
    media,
    assets: found.assets,
    fingerprint: fingerprintOf(renga, post, found.assets),
    loadHtml: async () => {
      const links = new Map(facts.references.map((reference) => [reference, null as AssetLink | null]));
      for (const asset of found.assets) links.set(asset.reference, { url: urlOf(asset), size: asset.size });
      const { linkAssets } = await import('../../render/link-assets.ts');
      return linkAssets(await loadHtml(renga, post, markdownOf), links);
    },
  };
  const problems = isSilent ? [...found.problems, refuseSilence(post)] : found.problems;
  return { entry, problems, isSettled: found.isInSight, showsFiles: found.isAsked };
}

function composeMedia(
  kind: Media['kind'],
  asset: Asset | undefined,
  urlOf: (asset: Asset) => string,
): readonly Media[] {
  if (!asset?.type.startsWith(`${kind}/`)) return [];
  const { type, bytes, size } = asset;
  return [{ kind, url: urlOf(asset), type, bytes, size }];
}

function withDuration(media: Media, { duration }: Post): Media {
  return duration === null ? media : { ...media, seconds: duration };
}

function refuseSilence({ path, audio }: Post): Problem {
  const message = `"audio" names ${audio}, which is no sound that readers play: use .mp3, .m4a, .ogg, .opus, .flac or .wav`;
  return { severity: 'warning', path, line: null, message };
}

export type FoundFiles = FoundAssets & { readonly isAsked: boolean };

type AssetLink = { readonly url: string; readonly size: Asset['size'] };

export function absoluteOrNull(reference: string | null): string | null {
  return reference !== null && /^https?:\/\//i.test(reference) && URL.canParse(reference)
    ? new URL(reference).href
    : null;
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function fingerprintOf(renga: BodyKeeper, post: Post, assets: readonly Asset[]): string {
  const parts = [
    bodyKey(renga, post),
    post.id,
    post.title,
    post.haiku ? renderHaikuLine(post.haiku) : '',
    // Zones are the publication's, which is in the fingerprint of every document.
    post.publishedAt.epochMilliseconds,
    post.updatedAt.epochMilliseconds,
    post.tags.join('\n'),
    post.canonical ?? '',
    ...(post.duration === null ? [] : [post.duration]),
    ...assets.map((asset) => `${asset.reference} ${asset.publicPath} ${asset.hash}`),
  ];
  return hash('sha256', JSON.stringify(parts));
}

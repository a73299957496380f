/** One entry: a post with the facts of its body and the files beside it that it shows. */
import { hash } from 'node:crypto';
import type { Asset } from '../../domain/body.ts';
import type { Media } from '../../domain/entry.ts';
import { renderHaikuLine } from '../../domain/haiku.ts';
import type { Post } from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';
import type { FoundAssets } from '../../posts/find-assets.ts';
import { weighReferences } from '../../render/feeds/weigh-entry.ts';
import { type BodyFacts, bodyKey, type BodyKeeper } from './keep-bodies.ts';
import { openLineFinder } from '../../posts/find-line.ts';
import { linkPosts, type PostLink } from './link-posts.ts';
import { assetUrl, type EntryBodies, PostEntry } from './post-entry.ts';
import type { OneEntry } from './prepared-entry.ts';

export type FoundFiles = FoundAssets & { readonly isAsked: boolean };

export function composeEntry(
  bodies: EntryBodies,
  post: Post,
  facts: Extract<BodyFacts, { kind: 'rendered' }>,
  found: FoundFiles,
): OneEntry {
  const { renga } = bodies;
  const image = found.assets.find((asset) => asset.reference === post.image);
  const audio = found.assets.find((asset) => asset.reference === post.audio);
  const media = composeMediaOf(renga, post, image, audio);
  const isSilent = audio !== undefined && media.every(({ kind }) => kind !== 'audio');
  const linked = linkPosts(renga, post, facts.references, bodies.findPost);
  const files = found.assets.map((asset) => assetUrl(renga, asset));
  const urls = [...files, ...linked.links.map(({ url }) => url)];
  const entry = new PostEntry(bodies, post, {
    summary: post.summary ?? facts.excerpt,
    bodyWeight: facts.weight + weighReferences(facts.placeholders, urls),
    references: facts.references,
    imageUrl: image ? assetUrl(renga, image) : absoluteOrNull(post.image),
    media,
    assets: found.assets,
    links: linked.links,
    fingerprint: fingerprintOf(renga, post, found.assets, linked.links),
  });
  const problems = [
    ...found.problems,
    ...linked.problems,
    ...warnOfLeftOut(renga, post, facts.leftOut),
    ...(isSilent ? [refuseSilence(post)] : []),
  ];
  return { entry, problems, isSettled: found.isInSight, showsFiles: found.isAsked, linksTo: linked.paths };
}

const NO_MEDIA: readonly Media[] = [];

function composeMediaOf(
  renga: BodyKeeper,
  post: Post,
  image: Asset | undefined,
  audio: Asset | undefined,
): readonly Media[] {
  if (!image && !audio) return NO_MEDIA;
  const urlOf = (asset: Asset): string => assetUrl(renga, asset);
  const sound = composeMedia('audio', audio, urlOf).map((one) => withDuration(one, post));
  return [...sound, ...composeMedia('image', image, urlOf)];
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

/** Without a word, it would look as if it had been published. */
function warnOfLeftOut(
  { root }: Pick<EntryBodies['renga'], 'root'>,
  { path }: Post,
  names: readonly string[],
): readonly Problem[] {
  const [first] = names;
  if (first === undefined) return [];
  const tags = names.map((name) => (name === '!--' ? '<!-- without -->' : `<${name}>`)).join(', ');
  const message = `${tags} in its text is left out, with what is inside, for no feed or mail may have it: link to what it shows, or say it in Markdown (in backticks, if you write about it)`;
  return [{ severity: 'warning', path, line: openLineFinder(root, path)(`<${first}`), message }];
}

export function absoluteOrNull(reference: string | null): string | null {
  return reference !== null && /^https?:\/\//i.test(reference) && URL.canParse(reference)
    ? new URL(reference).href
    : null;
}

function fingerprintOf(
  renga: BodyKeeper,
  post: Post,
  assets: readonly Asset[],
  links: readonly PostLink[],
): string {
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
    ...links.map(({ reference, url }) => `${reference} ${url}`),
  ];
  return hash('sha256', JSON.stringify(parts));
}

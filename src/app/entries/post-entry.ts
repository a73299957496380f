/**
 * The entry of a post as it is held while it is published: what lists and plans need, and where its body is. A hundred thousand of them live at once, so each is
 * one small record, and nothing is written in it that another place says already.
 */
import type { Asset } from '../../domain/body.ts';
import type { Entry, Media } from '../../domain/entry.ts';
import type { Post } from '../../domain/post.ts';
import type { Gathered } from '../identity/gather-posts.ts';
import { composePostUrl } from './compose-post-url.ts';
import type { Renga } from '../renga.ts';
import { type BodyKeeper, loadHtml } from './keep-bodies.ts';
import type { PostLink } from './link-posts.ts';
import type { PreparedEntry } from './prepared-entry.ts';

/** Where the bodies of many entries are. */
export type EntryBodies = {
  readonly renga: BodyKeeper & Pick<Renga, 'root'>;
} & Pick<Gathered, 'markdownOf' | 'findPost'>;

type EntryFacts = Pick<
  PreparedEntry,
  'summary' | 'bodyWeight' | 'imageUrl' | 'media' | 'assets' | 'fingerprint'
> & {
  /** As the body says them: to files beside the post and elsewhere. */
  readonly references: readonly string[];
  readonly links: readonly PostLink[];
};

export class PostEntry implements PreparedEntry {
  readonly #bodies: EntryBodies;
  readonly #references: readonly string[];
  readonly #links: readonly PostLink[];
  readonly post: Post;
  readonly summary: string;
  readonly bodyWeight: number;
  readonly imageUrl: string | null;
  readonly media: readonly Media[];
  readonly assets: readonly Asset[];
  readonly fingerprint: string;

  constructor(bodies: EntryBodies, post: Post, facts: EntryFacts) {
    this.#bodies = bodies;
    this.#references = facts.references.length === 0 ? NONE : facts.references;
    this.#links = facts.links.length === 0 ? NONE : facts.links;
    this.post = post;
    this.summary = facts.summary;
    this.bodyWeight = facts.bodyWeight;
    this.imageUrl = facts.imageUrl;
    this.media = facts.media;
    this.assets = facts.assets.length === 0 ? NONE : facts.assets;
    this.fingerprint = facts.fingerprint;
  }

  get url(): string {
    return composePostUrl(this.#bodies.renga, this.post);
  }

  async loadHtml(): Promise<string> {
    const { renga, markdownOf } = this.#bodies;
    const html = await loadHtml(renga, this.post, markdownOf);
    // Loaded for those that name files beside them: to ask for it at each of thousands is not free.
    if (this.#references.length === 0) return html;
    const links = new Map<string, AssetLink | null>(this.#references.map((reference) => [reference, null]));
    for (const asset of this.assets) {
      links.set(asset.reference, { url: assetUrl(renga, asset), size: asset.size });
    }
    for (const { reference, url } of this.#links) links.set(reference, { url, size: null, isPage: true });
    const { linkAssets } = await import('../../render/link-assets.ts');
    return linkAssets(html, links);
  }
}

/** One for all that have none. */
const NONE: readonly never[] = [];

type AssetLink = { readonly url: string; readonly size: Asset['size']; readonly isPage?: boolean };

/** Absolute. */
export function assetUrl({ publication }: Pick<BodyKeeper, 'publication'>, asset: Asset): string {
  return new URL(asset.publicPath.split('/').map(encodeURIComponent).join('/'), publication.url).href;
}

/** Loads an entry's body, for a feed or a digest. */
export async function loadEntry(prepared: PreparedEntry): Promise<Entry> {
  const { post, url, summary, imageUrl, media } = prepared;
  return { post, url, summary, imageUrl, media, body: { html: await prepared.loadHtml() } };
}

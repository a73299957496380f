/** An entry as it is recalled: what lists and plans ask of thousands is at hand, and the rest is composed when it is asked for. */
import type { Asset } from '../../domain/body.ts';
import type { Media } from '../../domain/entry.ts';
import { Forgotten } from '../../domain/forgotten.ts';
import type { Post } from '../../domain/post.ts';
import type { Gathered } from '../identity/gather-posts.ts';
import { composeEntry } from './compose-entry.ts';
import { composePostUrl } from './compose-post-url.ts';
import { type BodyKeeper, recallBody } from './keep-bodies.ts';
import type { PreparedEntry } from './prepared-entry.ts';

export type EntryFacts = {
  readonly fingerprint: string;
  readonly assets: readonly Asset[];
};

/** What it was composed with. */
export type EntrySource = { readonly renga: BodyKeeper; readonly markdownOf: Gathered['markdownOf'] };

export class RecalledEntry implements PreparedEntry {
  readonly post: Post;
  readonly url: string;
  readonly fingerprint: string;
  readonly assets: readonly Asset[];
  readonly #source: EntrySource;
  #composed: PreparedEntry | null = null;

  constructor({ fingerprint, assets }: EntryFacts, post: Post, source: EntrySource) {
    this.post = post;
    this.url = composePostUrl(source.renga, post);
    this.fingerprint = fingerprint;
    this.assets = assets;
    this.#source = source;
  }

  get #whole(): PreparedEntry {
    return (this.#composed ??= compose(this.post, this, this.#source));
  }

  get summary(): string {
    return this.#whole.summary;
  }
  get excerpt(): string {
    return this.#whole.excerpt;
  }
  get headings(): readonly string[] {
    return this.#whole.headings;
  }
  get bodyWeight(): number {
    return this.#whole.bodyWeight;
  }
  get imageUrl(): string | null {
    return this.#whole.imageUrl;
  }
  get media(): readonly Media[] {
    return this.#whole.media;
  }
  get loadHtml(): PreparedEntry['loadHtml'] {
    return this.#whole.loadHtml;
  }
}

function compose(
  post: Post,
  { assets, fingerprint }: EntryFacts,
  { renga, markdownOf }: EntrySource,
): PreparedEntry {
  const facts = recallBody(renga, post);
  if (facts?.kind !== 'rendered') throw new Forgotten(post.path);
  const found = { assets, problems: [], isInSight: true, isAsked: true };
  const { entry } = composeEntry(renga, post, facts, found, markdownOf);
  if (entry?.fingerprint !== fingerprint) throw new Forgotten(post.path);
  return entry;
}

/** An entry as it is recalled: what lists and plans ask of thousands is at hand, and the rest is composed when it is asked for. */
import type { Asset } from '../../domain/body.ts';
import type { Media } from '../../domain/entry.ts';
import { Forgotten } from '../../domain/forgotten.ts';
import type { Post } from '../../domain/post.ts';
import { Recent } from '../../domain/recent.ts';
import { composeEntry } from './compose-entry.ts';
import { composePostUrl } from './compose-post-url.ts';
import { recallBody } from './keep-bodies.ts';
import type { EntryBodies } from './post-entry.ts';
import type { PreparedEntry } from './prepared-entry.ts';

/** A document of a feed is asked for as much as this. */
const MOST_COMPOSED = 1000;
const recent = new Recent<RecalledEntry, PreparedEntry>(MOST_COMPOSED);

export type EntryFacts = Pick<PreparedEntry, 'fingerprint' | 'assets'>;

export class RecalledEntry implements PreparedEntry {
  readonly #bodies: EntryBodies;
  readonly #facts: EntryFacts;
  readonly post: Post;

  constructor(bodies: EntryBodies, post: Post, facts: EntryFacts) {
    this.#bodies = bodies;
    this.#facts = facts;
    this.post = post;
  }

  get fingerprint(): string {
    return this.#facts.fingerprint;
  }
  get assets(): readonly Asset[] {
    return this.#facts.assets;
  }
  get url(): string {
    return composePostUrl(this.#bodies.renga, this.post);
  }
  get summary(): string {
    return this.#whole().summary;
  }
  get bodyWeight(): number {
    return this.#whole().bodyWeight;
  }
  get imageUrl(): string | null {
    return this.#whole().imageUrl;
  }
  get media(): readonly Media[] {
    return this.#whole().media;
  }
  async loadHtml(): Promise<string> {
    return await this.#whole().loadHtml();
  }

  #whole(): PreparedEntry {
    const known = recent.get(this);
    if (known) return known;
    const composed = compose(this.#bodies, this.post, this);
    recent.set(this, composed);
    return composed;
  }
}

function compose(bodies: EntryBodies, post: Post, { assets, fingerprint }: EntryFacts): PreparedEntry {
  const facts = recallBody(bodies.renga, post);
  if (facts?.kind !== 'rendered') throw new Forgotten(post.path);
  const found = { assets, problems: [], isInSight: true, isAsked: true };
  const { entry } = composeEntry(bodies, post, facts, found);
  if (entry?.fingerprint !== fingerprint) throw new Forgotten(post.path);
  return entry;
}

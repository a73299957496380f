/** The page of one post as an output. A hundred thousand of them live at once, so it is one small record: what it says is composed when it is rendered. */
import { tagFolder } from './feed-list.ts';
import { hashOf, type PageMaker, type PagePlace, type PlacedPage } from './page-context.ts';
import type { PostData } from './page-data.ts';
import type { PageEntry } from './page-entry.ts';

/** Below `public/`. */
export function pathOfPost(slug: string): string {
  return `${slug}/index.html`;
}

export class PostPage implements PlacedPage {
  readonly #maker: PageMaker;
  readonly #entry: PageEntry;
  readonly #older: PageEntry | undefined;
  readonly #newer: PageEntry | undefined;
  readonly path: string;
  #fingerprint: string | null;

  /** `known`: its fingerprint, where that is known of the same entry at the same place. */
  constructor(maker: PageMaker, entry: PageEntry, { older, newer }: PagePlace, known: string | null = null) {
    this.#maker = maker;
    this.#entry = entry;
    this.#older = older;
    this.#newer = newer;
    this.path = pathOfPost(entry.post.slug);
    this.#fingerprint = known;
  }

  /** Made when it is first asked for: of a page that was never written, when it is. */
  get fingerprint(): string {
    const place = { older: this.#older, newer: this.#newer };
    return (this.#fingerprint ??= fingerprintOf(this.#maker, this.#entry, place));
  }

  isAt({ older, newer }: PagePlace, seed: string): boolean {
    return this.#maker.seed === seed && this.#older === older && this.#newer === newer;
  }

  async render(): Promise<string> {
    const maker = this.#maker;
    const entry = this.#entry;
    const post = maker.dataOf(entry);
    const page = composePostHead(maker, entry, post);
    const tagLinks = composeTagLinks(maker, post.tags, entry.post.tags);
    const html = await entry.loadHtml();
    const sound = entry.media.find(({ kind }) => kind === 'audio');
    return await maker.workshop.template('page-post.liquid', {
      site: maker.site,
      page,
      post: { ...post, tagLinks },
      html,
      // An author who placed a player needs no other.
      sound: sound && !html.includes('<audio') ? { url: sound.url } : null,
      older: linkOf(this.#older),
      newer: linkOf(this.#newer),
    });
  }
}

function fingerprintOf({ seed }: PageMaker, entry: PageEntry, { older, newer }: PagePlace): string {
  const { fingerprint, url, summary, imageUrl } = entry;
  return hashOf([seed, fingerprint, url, summary, imageUrl, linkOf(older), linkOf(newer)]);
}

function linkOf(entry: PageEntry | undefined): { readonly url: string; readonly title: string } | null {
  return entry ? { url: entry.url, title: entry.post.title } : null;
}

function composeTagLinks(
  { tagSlug, site }: PageMaker,
  names: readonly string[],
  tags: readonly string[],
): readonly { readonly name: string; readonly url: string }[] {
  return names.map((name, index) => {
    const slug = tagSlug(tags[index] ?? '');
    return { name, url: new URL(tagFolder(slug), site.url).href };
  });
}

function composePostHead(maker: PageMaker, entry: PageEntry, post: PostData): object {
  const { site } = maker;
  const description = post.haiku.length > 0 ? post.haiku.join(' / ') : post.summary || site.title;
  return {
    title: `${post.title} – ${site.title}`,
    description,
    url: entry.url,
    canonical: entry.post.canonical ?? entry.url,
    type: 'article',
    image: entry.imageUrl,
    isIndexed: true,
    feeds: [],
  };
}

/** Writes the sheets of a site's memory: a row for each file below `posts/`, and for each file of `public/`. */
import { randomUUID } from 'node:crypto';
import type { Cache } from '../../domain/cache.ts';
import type { Look } from '../../posts/post-memory.ts';
import type { PostFile, SeenPost } from '../../domain/post.ts';
import type { Known } from '../identity/known-record.ts';
import type { OneEntry, PreparedEntry } from '../entries/prepared-entry.ts';
import {
  areFew,
  type SheetPlace,
  type SheetRow,
  writeLate,
  writeSheet,
  type WrittenSheet,
} from './kept-sheet.ts';
import { type OutputRow, outputsPlace, postsPlace } from './kept-site.ts';
import {
  HAS_PAGE,
  IN_MAIN_FEED,
  listed,
  marksOfFile,
  type PostRow,
  PREPARED,
  type Rare,
  rareOrZero,
  rareShowing,
  SHOWS_FILES,
} from './post-rows.ts';
import type { KeptSite, SiteMemory } from './site-memory.ts';

type Rows = {
  readonly place: (writing: string) => SheetPlace;
  readonly keys: readonly string[];
  /** Of rows that are others than in what was written, and of those. */
  readonly late: ReadonlySet<string>;
  readonly written: WrittenSheet | undefined;
  /** Null for a key that has none. */
  readonly rowOf: (key: string) => SheetRow | null;
};

export type KeptSheets = {
  readonly kept: KeptSite;
  /** Whether they were written anew, not only what changed. */
  readonly isWhole: boolean;
  /** Without these, the writing does not count. */
  readonly texts: readonly (readonly [name: string, text: string])[];
};

export function keepSheets(
  cache: Pick<Cache, 'put'>,
  memory: SiteMemory,
  prepared: readonly PreparedEntry[],
): KeptSheets {
  const [posts, outputs] = [rowsOfPosts(memory, prepared), rowsOfOutputs(memory)];
  const isWhole = ![posts, outputs].every(
    ({ written, late, keys }) => written && areFew(late.size, keys.length),
  );
  const writing = isWhole || !memory.kept ? randomUUID() : memory.kept.writing;
  if (isWhole) for (const sheet of memory.sheets) sheet.hold();
  const keep = ({ place, keys, late, written, rowOf }: Rows) => {
    if (!isWhole && written) {
      const rows = Array.from(late, (key) => rowOf(key) ?? ([key] as const));
      return {
        sheet: { ...written, lateKeys: [...late] },
        text: writeLate(place(writing), written.blocks, rows),
      };
    }
    const sheet = writeSheet(cache, place(writing), rowsOf(keys, rowOf));
    return { sheet, text: writeLate(place(writing), sheet.blocks, []) };
  };
  const [keptPosts, keptOutputs] = [keep(posts), keep(outputs)];
  const kept = { writing, posts: keptPosts.sheet, outputs: keptOutputs.sheet };
  return { kept, isWhole, texts: [keptPosts.text, keptOutputs.text] };
}

function* rowsOf(keys: Iterable<string>, rowOf: Rows['rowOf']): Iterable<SheetRow> {
  for (const key of keys) {
    const row = rowOf(key);
    if (row) yield row;
  }
}

function rowsOfOutputs({ outputs, kept }: SiteMemory): Rows {
  return {
    place: outputsPlace,
    keys: [...outputs.paths()],
    late: new Set(kept?.outputs.lateKeys).union(outputs.touched),
    written: kept?.outputs,
    rowOf: (path): OutputRow | null => {
      const known = outputs.fileAt(path);
      return known && [path, known.size, known.modified, known.changed, known.fingerprint];
    },
  };
}

function rowsOfPosts(memory: SiteMemory, prepared: readonly PreparedEntry[]): Rows {
  const { posts, identities, entries, pages, kept } = memory;
  const shown = new Set(prepared.map(({ post }) => post.id));
  // In the order that they are asked for first: to sort them is next to nothing then.
  const newestFirst = new Set(identities.newestFirst.map(({ path }) => path));
  return {
    place: postsPlace,
    keys: [...newestFirst.union(new Set(posts.paths()))],
    late: new Set(kept?.posts.lateKeys)
      .union(posts.touched)
      .union(identities.touched)
      .union(entries.touched)
      .union(pages.touched),
    written: kept?.posts,
    rowOf: (path) => {
      const look = posts.get(path);
      return look?.isSettled ? rowOfFile(memory, look, shown) : null;
    },
  };
}

/** Null for a post that is refused: it is read again. */
function rowOfFile(memory: SiteMemory, { from, parsed }: Look, shown: ReadonlySet<string>): SheetRow | null {
  if (parsed.kind !== 'post') {
    const rare = parsed.kind === 'left-out' ? { problems: parsed.problems } : 0;
    return [from.path, from.stamp, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, rare];
  }
  const { file } = parsed;
  const known = memory.identities.known(file);
  if (!known) return null;
  const { post, record } = known;
  const one = memory.entries.known(post);
  const { path, slug } = file;
  const row: PostRow = [
    path,
    from.stamp,
    marksOf(memory, file, known, shown.has(post.id)),
    slug,
    listed(file.tags) ?? 0,
    post.publishedAt.epochMilliseconds,
    post.updatedAt.epochMilliseconds,
    file.fileHash,
    record.id,
    record.firstSeenAt.epochMilliseconds,
    record.showing?.since.epochMilliseconds ?? 0,
    one?.entry?.fingerprint ?? 0,
    rareOf(file, record, one),
  ];
  return row;
}

function marksOf(memory: SiteMemory, file: PostFile, { post, record }: Known, isPrepared: boolean): number {
  const one = memory.entries.known(post);
  return (
    marksOfFile(file) +
    (isPrepared ? PREPARED : 0) +
    (one?.showsFiles ? SHOWS_FILES : 0) +
    (record.showing?.isInFeed ? IN_MAIN_FEED : 0) +
    (isPageThere(memory, one?.entry) ? HAS_PAGE : 0)
  );
}

function rareOf(file: PostFile, record: SeenPost, one: OneEntry | undefined): Rare | 0 {
  return rareOrZero({
    id: file.id ?? undefined,
    correction: file.correction ?? undefined,
    problems: listed(file.problems),
    assets: listed(one?.entry?.assets ?? []),
    entryProblems: listed(one?.problems ?? []),
    linksTo: listed(one?.linksTo ?? []),
    recordPath: record.path === file.path ? undefined : record.path,
    recordSlug: record.slug === file.slug ? undefined : record.slug,
    changedAt: record.changedAt?.epochMilliseconds,
    showing: rareShowing(record),
  });
}

/** Whether the file of its page is what the page was last. */
function isPageThere({ pages, outputs }: SiteMemory, entry: PreparedEntry | null | undefined): boolean {
  const page = entry ? pages.outputs.get(entry) : undefined;
  return page !== undefined && outputs.fileAt(page.path)?.fingerprint === page.fingerprint;
}

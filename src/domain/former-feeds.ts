/** Former feeds: addresses that readers know from before, where no feed is any more. Paths are below the publication's URL, without slashes at their ends. */

export type FormerFeeds = {
  /** Former path → where its feed is now: `rss.xml`, `tags/night/atom.xml`, or an absolute URL. */
  readonly moved: Readonly<Record<string, string>>;
  /** Paths of feeds that are gone for good. */
  readonly retired: readonly string[];
};

export const NO_FORMER_FEEDS: FormerFeeds = { moved: {}, retired: [] };

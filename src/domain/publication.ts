/** The publication: the whole that a folder is, with its title, author, zone, URLs and series. */
import type { Mailbox } from './address.ts';
import type { BacklogRule } from './backlog.ts';

export type Publication = {
  readonly title: string;
  readonly description: string;
  readonly author: string;
  /** Absolute http(s) URL that pages and feeds stand under, always ending in `/`. */
  readonly url: string;
  /** Absolute URL of the running server, for links that need one (unsubscribe); ends in `/`. */
  readonly serverUrl: string;
  /** IANA time zone that bare dates are in. */
  readonly zone: string;
  /** BCP 47 tag. */
  readonly language: string;
  /** The sender's postal address for the footer, or null. */
  readonly postalAddress: string | null;
  /** What digests are from; its domain is the one that DKIM, Message-ID and List-Id stand under. */
  readonly from: Mailbox;
  readonly replyTo: Mailbox | null;
};

/** How a digest carries its posts: `auto` folds full texts to summaries until the HTML stays under Gmail's clip. */
export type BodyStyle = 'full' | 'summary' | 'auto';

/** When a series sends: at the moments of a cron line, or each post as soon as it is published. */
export type SeriesSchedule =
  /** Five cron fields, in the series' zone. */
  { readonly kind: 'cron'; readonly cron: string } | { readonly kind: 'each' };

/** A digest that recurs. */
export type Series = {
  /** Lower-case letters, digits and hyphens: `weekly`. */
  readonly name: string;
  /** What readers see in place of the name; null: the name. */
  readonly label: string | null;
  readonly schedule: SeriesSchedule;
  readonly zone: string;
  /** The fewest new posts worth a digest; with `each`, one always is. */
  readonly minimum: number;
  /** Which posts that are there when the series first runs are never mailed. */
  readonly backlog: BacklogRule;
  readonly body: BodyStyle;
  /** Liquid pattern for the Subject. */
  readonly subject: string;
};

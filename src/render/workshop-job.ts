/** What the workshop and its threads say to each other: plain values, one answer to each request, in turn. */
import type { LiquidResult } from './liquid/render-liquid.ts';
import type { Template } from './templates.ts';
import type { BodyJob, BodyResult } from './body-job.ts';
import type { FeedFault } from './feeds/check/checked-feed.ts';
import type { RenderedFeeds } from './feeds/render-feeds.ts';

export type WorkshopRequest =
  | { readonly kind: 'body'; readonly job: BodyJob }
  /** Sanitised HTML, to be read as plain text. */
  | { readonly kind: 'text'; readonly html: string }
  /** `now` in milliseconds. */
  | { readonly kind: 'feeds'; readonly feeds: RenderedFeeds; readonly now: number }
  | { readonly kind: 'template'; readonly name: string; readonly data: object }
  | { readonly kind: 'pattern'; readonly pattern: Template; readonly data: object };

export type WorkshopAnswer =
  | { readonly kind: 'body'; readonly result: BodyResult }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'faults'; readonly faults: readonly FeedFault[] }
  | { readonly kind: 'liquid'; readonly result: LiquidResult };

/** What the workshop and its threads say to each other: plain values, one answer to each request, in turn. */
import type { LiquidResult } from './liquid/render-liquid.ts';
import type { Template } from './templates.ts';
import type { BodyJob, BodyResult } from './body-job.ts';
import type { FeedJob, FeedResult } from './feeds/feed-job.ts';

export type WorkshopRequest =
  | { readonly kind: 'body'; readonly job: BodyJob }
  /** Sanitised HTML, to be read as plain text. */
  | { readonly kind: 'text'; readonly html: string }
  | { readonly kind: 'feeds'; readonly job: FeedJob }
  | { readonly kind: 'template'; readonly name: string; readonly data: object }
  | { readonly kind: 'pattern'; readonly pattern: Template; readonly data: object };

export type WorkshopAnswer =
  | { readonly kind: 'body'; readonly result: BodyResult }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'feeds'; readonly result: FeedResult }
  | { readonly kind: 'liquid'; readonly result: LiquidResult };

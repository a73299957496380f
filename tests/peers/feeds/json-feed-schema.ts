/** JSON Feed 1.1 as a schema, written from its text (jsonfeed.org/version/1.1): its members, which of them must be there, and what each may hold. Strict. */
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });
const text = z.string().min(1);
/** RFC 3339, as "Items" asks. */
const moment = z.iso.datetime({ offset: true });
/** "authors": at least one member of each. */
const author = z
  .strictObject({ name: text.optional(), url: url.optional(), avatar: url.optional() })
  .refine((value) => Object.keys(value).length > 0);
/** BCP 47. */
const language = z.string().regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/);

const attachment = z.strictObject({
  url,
  mime_type: z.string().regex(/^[a-z]+\/[\w.+-]+$/),
  title: text.optional(),
  size_in_bytes: z.int().nonnegative().optional(),
  duration_in_seconds: z.number().nonnegative().optional(),
});

const item = z
  .strictObject({
    id: text,
    url: url.optional(),
    external_url: url.optional(),
    title: z.string().optional(),
    content_html: z.string().optional(),
    content_text: z.string().optional(),
    summary: text.optional(),
    image: url.optional(),
    banner_image: url.optional(),
    date_published: moment.optional(),
    date_modified: moment.optional(),
    authors: z.array(author).min(1).optional(),
    tags: z.array(text).optional(),
    language: language.optional(),
    attachments: z.array(attachment).optional(),
    // "Extensions": ours.
    _haiku: z.tuple([z.string(), z.string(), z.string()]).optional(),
  })
  .refine((value) => value.content_html !== undefined || value.content_text !== undefined);

export const JSON_FEED = z
  .strictObject({
    version: z.literal('https://jsonfeed.org/version/1.1'),
    title: text,
    home_page_url: url.optional(),
    feed_url: url.optional(),
    description: text.optional(),
    user_comment: text.optional(),
    next_url: url.optional(),
    icon: url.optional(),
    favicon: url.optional(),
    authors: z.array(author).min(1).optional(),
    language: language.optional(),
    expired: z.boolean().optional(),
    hubs: z.array(z.strictObject({ type: text, url })).optional(),
    items: z.array(item),
  })
  // "next_url": "must not be the same as feed_url".
  .refine(({ next_url, feed_url }) => next_url === undefined || next_url !== feed_url)
  .refine(({ items }) => new Set(items.map(({ id }) => id)).size === items.length);

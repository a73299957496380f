/** The setting `feeds.podcast`: what directories of podcasts ask for and no post can say. */
import { z } from 'zod';
import { parsePodcastCategory, PODCAST_CATEGORIES } from '../domain/podcast.ts';
import { nearestName } from './nearest-name.ts';
import { yesOrNo } from './setting-kinds.ts';

const category = () =>
  z.string({ error: 'must be one of Apple’s categories, such as Technology' }).transform((text, context) => {
    const found = parsePodcastCategory(text);
    if (found) return found;
    const near = nearestName(text, PODCAST_CATEGORIES);
    const hint = near === null ? 'such as Technology or Arts > Books' : `perhaps ${near}`;
    context.addIssue({ code: 'custom', message: `must be one of Apple’s categories, ${hint}` });
    return z.NEVER;
  });

const ARTWORK = 'must be an address that begins with https:// and ends in .jpg, .jpeg or .png';

/** Apple, "Podcast artwork requirements": JPEG or PNG; the W3C's validator knows them by the end of their address. */
const artwork = () =>
  z.string({ error: ARTWORK }).transform((text, context) => {
    const url = /^https?:\/\/\S+\.(?:jpe?g|png)$/i.test(text.trim()) ? URL.parse(text.trim()) : null;
    if (url && url.username === '' && url.password === '' && url.hash === '') return url.href;
    context.addIssue({ code: 'custom', message: ARTWORK });
    return z.NEVER;
  });

export const PODCAST = z.strictObject(
  {
    category: category()
      .optional()
      .meta({ description: 'One of Apple’s categories: Technology, or Arts > Books.' }),
    explicit: yesOrNo().default(false).meta({ description: 'Whether any of it is not for children.' }),
    image: artwork().optional().meta({
      description: 'The address of its artwork: JPEG or PNG, square, 1400 to 3000 pixels wide.',
    }),
  },
  {
    error: (issue) => (issue.code === 'invalid_type' ? 'must be lines of "key: value"' : undefined),
  },
);

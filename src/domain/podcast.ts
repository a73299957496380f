/** What a feed with sound says of itself as a podcast, in the words of Apple's directory, which the others read too. */

export type Podcast = {
  readonly category: PodcastCategory | null;
  /** Whether any of it is not for children. */
  readonly explicit: boolean;
  /** Absolute URL of the artwork, which ends in .jpg, .jpeg or .png; or null. */
  readonly imageUrl: string | null;
};

export type PodcastCategory = { readonly name: string; readonly part: string | null };

/** What directories need and nobody said. */
export const PLAIN_PODCAST: Podcast = { category: null, explicit: false, imageUrl: null };

/** Apple Podcasts, "Apple Podcasts categories": a directory refuses any other. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  Arts: ['Books', 'Design', 'Fashion & Beauty', 'Food', 'Performing Arts', 'Visual Arts'],
  Business: ['Careers', 'Entrepreneurship', 'Investing', 'Management', 'Marketing', 'Non-Profit'],
  Comedy: ['Comedy Interviews', 'Improv', 'Stand-Up'],
  Education: ['Courses', 'How To', 'Language Learning', 'Self-Improvement'],
  Fiction: ['Comedy Fiction', 'Drama', 'Science Fiction'],
  Government: [],
  History: [],
  'Health & Fitness': [
    'Alternative Health',
    'Fitness',
    'Medicine',
    'Mental Health',
    'Nutrition',
    'Sexuality',
  ],
  'Kids & Family': ['Education for Kids', 'Parenting', 'Pets & Animals', 'Stories for Kids'],
  Leisure: [
    'Animation & Manga',
    'Automotive',
    'Aviation',
    'Crafts',
    'Games',
    'Hobbies',
    'Home & Garden',
    'Video Games',
  ],
  Music: ['Music Commentary', 'Music History', 'Music Interviews'],
  News: [
    'Business News',
    'Daily News',
    'Entertainment News',
    'News Commentary',
    'Politics',
    'Sports News',
    'Tech News',
  ],
  'Religion & Spirituality': [
    'Buddhism',
    'Christianity',
    'Hinduism',
    'Islam',
    'Judaism',
    'Religion',
    'Spirituality',
  ],
  Science: [
    'Astronomy',
    'Chemistry',
    'Earth Sciences',
    'Life Sciences',
    'Mathematics',
    'Natural Sciences',
    'Nature',
    'Physics',
    'Social Sciences',
  ],
  'Society & Culture': ['Documentary', 'Personal Journals', 'Philosophy', 'Places & Travel', 'Relationships'],
  Sports: [
    'Baseball',
    'Basketball',
    'Cricket',
    'Fantasy Sports',
    'Football',
    'Golf',
    'Hockey',
    'Rugby',
    'Running',
    'Soccer',
    'Swimming',
    'Tennis',
    'Volleyball',
    'Wilderness',
  ],
  Technology: [],
  'True Crime': [],
  'TV & Film': ['After Shows', 'Film History', 'Film Interviews', 'Film Reviews', 'TV Reviews'],
};

/** Every category as config names it: `Technology`, or with one of its parts, `Arts > Books`. */
export const PODCAST_CATEGORIES: readonly string[] = Object.entries(PARTS).flatMap(([name, parts]) =>
  [name].concat(parts.map((part) => `${name} > ${part}`)),
);

/** Null for none of Apple's. White space and letter case do not matter. */
export function parsePodcastCategory(text: string): PodcastCategory | null {
  const wanted = text.toLowerCase().replace(/\s+/g, ' ').replace(/ ?> ?/, ' > ').trim();
  const found = PODCAST_CATEGORIES.find((category) => category.toLowerCase() === wanted);
  if (found === undefined) return null;
  const [name = '', part = null] = found.split(' > ');
  return { name, part };
}

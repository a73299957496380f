/** The Subject of a digest: the series' pattern, filled with the first post, in one line of at most 78 characters (RFC 5322 §2.1.1). */
import { cleanLine } from '../clean-text.ts';
import { cutText } from '../cut-text.ts';
import type { Workshop } from '../workshop.ts';
import type { DigestInput } from './compose-view.ts';

const LONGEST = 78;

/** A pattern that gives nothing falls back to the first title. Throws OperatorError for a broken pattern. */
export async function renderSubject(
  workshop: Pick<Workshop, 'pattern'>,
  input: DigestInput,
): Promise<string> {
  const { publication, series, number, entries } = input;
  const [first] = entries;
  const title = cleanLine(first?.post.title ?? publication.title);
  const haiku = entries.find(({ post }) => post.haiku)?.post.haiku ?? [title, '', ''];
  const data = {
    haiku,
    title,
    number,
    series: series.name,
    count: entries.length,
    publication: { title: publication.title, author: publication.author },
  };
  const path = `config/renga.yaml, series.${series.name}.subject`;
  const subject = cleanLine(await workshop.pattern({ text: series.subject, path }, data));
  return cutText(subject === '' ? title : subject, LONGEST);
}

/** The pages of a site as outputs, where they are ours to make. */
import type { Output } from '../../domain/output.ts';
import { composeTagSlug } from '../../posts/compose-tag-slug.ts';
import { type PageMemory, pageGroups } from '../../render/pages/page-outputs.ts';
import { groupTags } from '../entries/group-tags.ts';
import type { PreparedEntry } from '../entries/prepared-entry.ts';
import type { Renga } from '../renga.ts';

/** In groups, in the order they are to be written. `memory`: of the last round. */
export function describePages(
  renga: Renga,
  prepared: readonly PreparedEntry[],
  memory: PageMemory | undefined,
): readonly (readonly Output[])[] {
  if (!renga.settings.pages.enabled) return [];
  const { publication, templates, workshop, version } = renga;
  const tags = groupTags(prepared);
  return pageGroups({
    publication,
    entries: prepared,
    tags,
    tagSlug: composeTagSlug,
    templates,
    workshop,
    version,
    memory,
    kept: renga.cache,
  });
}

/** When two tags are the same: whatever their case, and however their letters are put together. */
export function tagKey(tag: string): string {
  return tag.normalize('NFC').toLowerCase();
}

/** The witness: what the feeds that readers have say of a post, for when the database that knew it was lost or is an older copy. */

export type Witnessed = {
  readonly id: string;
  readonly title: string;
  /** Absolute. */
  readonly url: string;
  readonly publishedAt: Temporal.Instant;
  readonly updatedAt: Temporal.Instant;
};

/** The part of an entry's address that its slug makes: its last name, without an extension. */
export function slugOfUrl(url: string): string {
  const names = new URL(url).pathname.split('/').filter((name) => name !== '' && !/^index\.\w+$/.test(name));
  return decodeName(names.at(-1) ?? '').replace(/\.\w+$/, '');
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

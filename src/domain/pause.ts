/** The pause: a stop of delivering, with its reason for a person to read. Kept in the store, so that it holds for every program. */

/** What a pause stops: everything, what goes through one account, or one digest. */
export type PauseScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'digest'; readonly digest: number };

/** At most one for each scope. `until`: when it ends by itself, or null for a person's word. */
export type Pause = {
  readonly scope: PauseScope;
  readonly reason: string;
  readonly hint: string;
  readonly since: Temporal.Instant;
  readonly until: Temporal.Instant | null;
};

export const EVERYTHING: PauseScope = { kind: 'all' };

/** Whether it still holds. A pause whose time is over stays in the store: the next one may have to be longer. */
export function isRunning(pause: Pause, now: Temporal.Instant): boolean {
  return pause.until === null || Temporal.Instant.compare(pause.until, now) > 0;
}

/** As a person reads it and the store keeps it: `all`, `account NAME`, `digest 7`. */
export function renderScope(scope: PauseScope): string {
  if (scope.kind === 'account') return `account ${scope.account}`;
  return scope.kind === 'digest' ? `digest ${scope.digest}` : scope.kind;
}

/** The way back from `renderScope`; null for any other text. */
export function parseScope(text: string): PauseScope | null {
  if (text === 'all') return EVERYTHING;
  const [, kind, name = ''] = /^(account|digest) (.+)$/u.exec(text) ?? [];
  if (kind === 'account') return { kind, account: name };
  return kind === 'digest' && /^[1-9]\d*$/.test(name) ? { kind, digest: Number(name) } : null;
}

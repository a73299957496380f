/** A write of posts, by the marks that the store had before and after: whoever knew all of it under the first knows all of it under the second. */
export type MarkStep = {
  /** Null where it had none. */
  readonly from: string | null;
  readonly to: string;
};

/** The mark that what is known of the store stands for, after a write of ours; null once another program wrote in between. */
export function passMark(known: string | null, step: MarkStep | null): string | null {
  if (step === null) return known;
  return known !== null && step.from === known ? step.to : null;
}

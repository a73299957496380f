/** The one error for what a person can put right: printed as one line and its hint, exit code 2, never a stack. */

export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  /** What to do about it, in one sentence. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

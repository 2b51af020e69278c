/** Why the text of a function tells nothing. */

/** `native`: there is no text; `syntax`: it is not one function in JavaScript as acorn knows it. */
export type SourceErrorReason = 'native' | 'syntax';

/** A text that cannot be analysed. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly reason: SourceErrorReason;

  constructor(reason: SourceErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

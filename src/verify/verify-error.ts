/** The error of a model that cannot be explored as it is: it says where, why, and what to do. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
}

/** A command line that cannot be understood: `main` prints the message and exits with 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

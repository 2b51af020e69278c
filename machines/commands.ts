/**
 * A command is something a machine asks for. In the definition it is a named action that does nothing:
 * the interpreter gives it meaning, so the same definition can run, be checked and be drawn.
 */
export const command =
  <Params = undefined>() =>
  (_args: unknown, _params: Params): void => {};

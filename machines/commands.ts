/**
 * A command is something a machine asks for. In the definition it is a named action that does nothing:
 * the interpreter gives it meaning, so the same definition can run, be checked and be drawn.
 */
export const command =
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- callers name it
  <Params = undefined>() =>
    (_args: unknown, _params: Params): void => {};

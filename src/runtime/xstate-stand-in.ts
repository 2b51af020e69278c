/**
 * Takes the place of `xstate` where a machine runs from its written table: a definition is kept as it was
 * written, and nothing is worked out. What is missing here, such as `sendTo`, a machine written down cannot
 * use.
 */

type Settings = Readonly<Record<string, unknown>>;

interface Kept {
  readonly id: unknown;
  readonly config: Settings;
  readonly options: unknown;
  readonly implementations: Settings;
}

/** Keeps the named guards, actions and delays, and the machine made of them. */
export function setup({ guards = {}, actions = {}, delays = {} }: Settings): {
  createMachine: (config: Settings) => Kept;
} {
  return {
    createMachine: (config) => ({
      id: config['id'],
      config,
      options: config['options'] ?? {},
      implementations: { guards, actions, delays },
    }),
  };
}

/** Keeps what is assigned. */
export function assign(assignment: unknown): () => void {
  return builtIn({ type: 'xstate.assign', assignment, resolve: true });
}

/** Keeps the event, and when it is to come. */
export function raise(event: unknown, { id, delay }: Settings = {}): () => void {
  return builtIn({ type: 'xstate.raise', event, id, delay, resolve: true });
}

/** Keeps the id of the event that is not to come. */
export function cancel(sendId: unknown): () => void {
  return builtIn({ type: 'xstate.cancel', sendId, resolve: true });
}

/** Keeps the guards of which all must hold. */
export function and(guards: unknown): () => void {
  return builtIn({ check: and, guards });
}

/** Keeps the guards of which one must hold. */
export function or(guards: unknown): () => void {
  return builtIn({ check: or, guards });
}

/** Keeps the guard that must not hold. */
export function not(guard: unknown): () => void {
  return builtIn({ check: not, guards: [guard] });
}

/** XState's own actions and guards are functions that carry their settings. */
function builtIn(settings: Settings): () => void {
  return Object.assign(() => {}, settings);
}

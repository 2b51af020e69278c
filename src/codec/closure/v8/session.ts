/**
 * The one connection to V8's inspector. It is made at the first use and kept, because connecting costs
 * more than a question does; it leaves nothing enabled and does not keep the process alive.
 */
import type { Runtime, Session } from 'node:inspector';
import process from 'node:process';
import { setTimeout } from 'node:timers';

/** Why nothing can be asked: the permission model, a build without the inspector, or another runtime. */
export class InspectorUnavailable extends Error {
  override readonly name: string = 'InspectorUnavailable';
}

/** A call that takes a function and gives it V8's answer. */
export type Reply<Result> = (error: Error | null, result?: Result) => void;

interface Connection {
  readonly session: Session;
  readonly holderId: string;
}

/** Where values wait to be picked up by name: what V8 is asked about, and what it has handed out. */
interface Holder {
  subject: unknown;
  taken: readonly unknown[];
  run: (() => void) | undefined;
}

/** V8's name for the handles that `releaseSoon` drops. */
export const handleGroup = 'troupe';
const capturesPerRelease = 64;
/** Handles keep values alive, so that they do not wait for long either. */
const releaseAfterMs = 20;
const holderSymbol = Symbol.for('troupe.inspected');
const takeValues = 'function (...values) { this.taken = values }';

// Expressions run in the main context: a builtin module can be reached from it and from all others, such as
// the vm contexts that test tools make.
const holderExpression = `process.getBuiltinModule('node:inspector')[Symbol.for('troupe.inspected')]`;

// V8 ends nothing without a timeout, or goes on ending what runs next. This one is never reached.
const timeoutMs = 1e8;

const holder: Holder = { subject: undefined, taken: [], run: undefined };
let connection: Connection | undefined;
let unreleasedCaptures = 0;
let keepers = 0;

/** The connected session. Throws `InspectorUnavailable`. */
export function connectedSession(): Session {
  return connected().session;
}

function connected(): Connection {
  connection ??= connect();
  return connection;
}

function connect(): Connection {
  try {
    // Bun has a Session that answers nothing.
    if ('bun' in process.versions) throw new Error('Bun has no V8 inspector');
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session();
    session.connect();
    return { session, holderId: holderIdFor(session) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InspectorUnavailable(why, { cause: error });
  }
}

function holderIdFor(session: Session): string {
  const { result } = publish(() =>
    answer<Runtime.EvaluateReturnType>((reply) => {
      session.post('Runtime.evaluate', { expression: holderExpression }, reply);
    }),
  );
  return idOf(result);
}

/** Runs `work` while expressions can name the holder. */
function publish<Result>(work: () => Result): Result {
  const inspector = process.getBuiltinModule('node:inspector');
  Reflect.set(inspector, holderSymbol, holder);
  try {
    return work();
  } finally {
    Reflect.deleteProperty(inspector, holderSymbol);
  }
}

/** A session in the same thread answers before `post` returns. */
export function answer<Result>(ask: (reply: Reply<Result>) => void): Result {
  let failure: Error | null = null;
  let received: { readonly result: Result | undefined } | undefined;
  ask((error, result) => {
    failure = error;
    received = { result };
  });
  if (failure !== null) throw failure;
  if (received?.result === undefined) throw new Error('the inspector did not answer');
  return received.result;
}

/** V8's id of an object, for this capture. */
export function idFor(object: object): string {
  const { session, holderId } = connected();
  holder.subject = object;
  try {
    const { result } = answer<Runtime.CallFunctionOnReturnType>((reply) => {
      const functionDeclaration = 'function () { return this.subject }';
      session.post(
        'Runtime.callFunctionOn',
        { objectId: holderId, functionDeclaration, objectGroup: handleGroup },
        reply,
      );
    });
    return idOf(result);
  } finally {
    holder.subject = undefined;
  }
}

/** The own properties of an object, as V8 shows them to debuggers. Runs no getter. */
export function propertiesOf(objectId: string): Runtime.GetPropertiesReturnType {
  const { session } = connected();
  return answer((reply) => {
    session.post('Runtime.getProperties', { objectId, ownProperties: true }, reply);
  });
}

/**
 * The live values behind V8's descriptions of them. Those of another vm context are taken through a
 * description of the holder from there.
 */
export function valuesOf(
  remotes: readonly Runtime.RemoteObject[],
  taker?: Runtime.RemoteObject,
): readonly unknown[] {
  if (remotes.length === 0) return [];
  const { session, holderId } = connected();
  const parameters = {
    objectId: taker === undefined ? holderId : idOf(taker),
    functionDeclaration: takeValues,
    arguments: remotes.map((remote) => argumentFor(remote)),
  };
  answer<Runtime.CallFunctionOnReturnType>((reply) => {
    session.post('Runtime.callFunctionOn', parameters, reply);
  });
  const { taken } = holder;
  holder.taken = [];
  return taken;
}

/** How V8 is told again of a value that it has described. */
export function argumentFor(remote: Runtime.RemoteObject): Runtime.CallArgument {
  if (remote.objectId !== undefined) return { objectId: remote.objectId };
  if (remote.unserializableValue !== undefined) return { unserializableValue: remote.unserializableValue };
  const value: unknown = remote.value;
  return value === undefined ? {} : { value };
}

/** To be called at the end of a capture: drops V8's handles, though not for every single one. */
export function releaseSoon(): void {
  unreleasedCaptures += 1;
  if (unreleasedCaptures >= capturesPerRelease && keepers === 0) release();
  else if (unreleasedCaptures === 1) setTimeout(release, releaseAfterMs).unref();
}

/** Runs `work`, which needs the handles of more than one question: none is dropped meanwhile. */
export function keepingHandles<Result>(work: () => Result): Result {
  keepers += 1;
  try {
    return work();
  } finally {
    keepers -= 1;
  }
}

function release(): void {
  if (unreleasedCaptures === 0) return;
  unreleasedCaptures = 0;
  connection?.session.post('Runtime.releaseObjectGroup', { objectGroup: handleGroup });
}

/** Runs `work` with V8's debugger enabled, which makes every `await` slower until it is disabled again. */
export function withDebugger<Result>(work: (session: Session) => Result): Result {
  const session = connectedSession();
  // A cache of size 0 keeps the debugger from holding on to the text of every script.
  answer<object>((reply) => {
    session.post('Debugger.enable', { maxScriptsCacheSize: 0 }, reply);
  });
  try {
    return work(session);
  } finally {
    session.post('Debugger.disable');
  }
}

/** Calls `run` in such a way that V8 can end it. Its `this` is the holder. */
export function runUntilEnded(run: () => void): void {
  const { session } = connected();
  const parameters = {
    expression: `${holderExpression}.run()`,
    objectGroup: handleGroup,
    silent: true,
    timeout: timeoutMs,
  };
  holder.run = run;
  try {
    publish(() => {
      session.post('Runtime.evaluate', parameters, () => undefined);
    });
  } finally {
    holder.run = undefined;
  }
}

function idOf({ objectId }: Runtime.RemoteObject): string {
  if (objectId === undefined) throw new Error('the inspector did not hand out the object');
  return objectId;
}

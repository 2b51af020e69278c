/**
 * Asks V8, through a short-lived inspector session, where a function was written and which variables surround
 * it. The session leaves nothing enabled: an enabled debugger makes every `await` several times slower.
 */
import type { Debugger, Runtime, Session } from 'node:inspector';
import process from 'node:process';

/** Where a function was written. `line` and `column` count from 0 in `source`, the text V8 compiled. */
export interface FunctionOrigin {
  readonly url: string;
  readonly source: string;
  readonly line: number;
  readonly column: number;
  /** The scopes around the function, innermost first, without the global ones. */
  readonly scopes: readonly Scope[];
}

/**
 * The variables of one scope as properties that have their live values. `kind` is V8's word for the scope.
 */
export interface Scope {
  readonly kind: string;
  readonly variables: object;
}

interface Script {
  readonly url: string;
  readonly source: string;
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

type Reply<Result> = (error: Error | null, result?: Result) => void;

const holderSymbol = Symbol.for('troupe.inspected');
// Reaching the holder through a builtin module works from any vm context, such as those test tools make.
const holderExpression = `process.getBuiltinModule('node:inspector')[Symbol.for('troupe.inspected')]`;
const scopesToHolder = `function (scopes) {
  for (let index = 0; index < scopes.length; index += 1)
    this.scopes.push({ kind: scopes[index].description, variables: scopes[index].object });
}`;

const scripts = new Map<string, Script>();

/** Where `fn` was written, or undefined for a native function. Throws if the inspector cannot be used. */
export function inspectFunction(fn: object): FunctionOrigin | undefined {
  const inspector = process.getBuiltinModule('node:inspector');
  const holder = { fn, scopes: [] as Scope[] };
  const session = new inspector.Session();
  session.connect();
  Reflect.set(inspector, holderSymbol, holder);
  try {
    const location = locate(session);
    if (location === undefined) return undefined;
    const { url, source } = scriptOf(session, location.scriptId);
    const scopes = holder.scopes.filter(({ kind }) => kind !== 'Global' && kind !== 'Script');
    return { url, source, line: location.lineNumber, column: location.columnNumber, scopes };
  } finally {
    Reflect.deleteProperty(inspector, holderSymbol);
    session.disconnect();
  }
}

/** Finds the location of the holder's function, and moves its scopes into the holder. */
function locate(session: Session): Location | undefined {
  const holder = answer<Runtime.EvaluateReturnType>((reply) => {
    session.post('Runtime.evaluate', { expression: holderExpression }, reply);
  }).result;
  const fn = call(session, holder, 'function () { return this.fn }', []);
  const internals = answer<Runtime.GetPropertiesReturnType>((reply) => {
    session.post('Runtime.getProperties', { objectId: idOf(fn), ownProperties: true }, reply);
  }).internalProperties;
  const scopes = internals?.find(({ name }) => name === '[[Scopes]]')?.value;
  if (scopes !== undefined) call(session, holder, scopesToHolder, [scopes]);
  const location: unknown = internals?.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value;
  return isLocation(location) ? location : undefined;
}

function call(
  session: Session,
  receiver: Runtime.RemoteObject,
  functionDeclaration: string,
  values: readonly Runtime.RemoteObject[],
): Runtime.RemoteObject {
  const parameters = {
    objectId: idOf(receiver),
    functionDeclaration,
    arguments: values.map((value) => ({ objectId: idOf(value) })),
  };
  return answer<Runtime.CallFunctionOnReturnType>((reply) => {
    session.post('Runtime.callFunctionOn', parameters, reply);
  }).result;
}

function scriptOf(session: Session, scriptId: string): Script {
  const known = scripts.get(scriptId);
  if (known !== undefined) return known;
  let url = '';
  session.on('Debugger.scriptParsed', ({ params }) => {
    if (params.scriptId === scriptId) url = params.url;
  });
  // A cache of size 0 keeps the debugger from holding on to the text of every script.
  answer((reply) => {
    session.post('Debugger.enable', { maxScriptsCacheSize: 0 }, reply);
  });
  try {
    const { scriptSource } = answer<Debugger.GetScriptSourceReturnType>((reply) => {
      session.post('Debugger.getScriptSource', { scriptId }, reply);
    });
    const script = { url, source: scriptSource };
    scripts.set(scriptId, script);
    return script;
  } finally {
    session.post('Debugger.disable');
  }
}

/** A session in the same thread answers before `post` returns. */
function answer<Result>(ask: (reply: Reply<Result>) => void): Result {
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

function idOf(remote: Runtime.RemoteObject): string {
  if (remote.objectId === undefined) throw new Error('the inspector did not hand out the function');
  return remote.objectId;
}

function isLocation(value: unknown): value is Location {
  return (
    typeof value === 'object' && value !== null && 'scriptId' in value && typeof value.scriptId === 'string'
  );
}

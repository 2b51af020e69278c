/** What a worker of the tinypool adapter runs: the handlers of the user's files, and what they talk with. */
import process from 'node:process';
import { answerProcessSend, report, reportHeap, reporting } from './report-to-parent.ts';
import { exportsOf, whatItExports } from './worker-file.ts';

/** What a worker is told when it starts. */
export interface WorkerFacts {
  readonly workerId: number;
  readonly workerData: unknown;
  readonly argv: readonly string[];
  /** Loaded at once, so that the first task does not wait for it. */
  readonly url: string | null;
  readonly heapLimitBytes: number;
}

type Handler = (task: unknown) => unknown;

let heapLimitBytes = Infinity;
const messages: unknown[] = [];
const handlers = new Map<string, Promise<Handler>>();

/** Makes this process look like a worker of tinypool. */
export function prepare({ workerId, workerData, argv, url, ...facts }: WorkerFacts): void {
  ({ heapLimitBytes } = facts);
  process.argv.splice(2, Infinity, ...argv);
  Object.defineProperty(process, '__tinypool_state__', {
    value: { isTinypoolWorker: true, isChildProcess: true, workerId, workerData },
  });
  process.on('newListener', (event) => {
    if (event === 'message') process.nextTick(emitMessages);
  });
  answerProcessSend((message) => report({ message }));
  // Whoever calls it hears of a failure.
  if (url !== null) exportsOf(url).catch(() => undefined);
}

/** Runs a handler with its one argument. */
export function run(task: unknown, url: string, name: string): Promise<unknown> {
  return reporting(async () => {
    const handler = await handlerOf(url, name);
    try {
      return await handler(task);
    } finally {
      reportHeap(heapLimitBytes);
    }
  });
}

/**
 * A message of the parent: an event of `process`, as over an IPC channel, but one that waits until somebody
 * listens.
 */
export function deliver(message: unknown): void {
  messages.push(message);
  if (process.listenerCount('message') > 0) emitMessages();
}

function emitMessages(): void {
  for (const message of messages.splice(0)) process.emit('message', message, undefined);
}

/** Runs the file's function of this name, which must be there. */
export async function tearDown(url: string, name: string): Promise<void> {
  const handler = await handlerOf(url, name);
  await handler({});
}

function handlerOf(url: string, name: string): Promise<Handler> {
  const key = `${name} ${url}`;
  const known = handlers.get(key);
  if (known !== undefined) return known;
  const finding = findHandler(url, name);
  handlers.set(key, finding);
  finding.catch(() => handlers.delete(key));
  return finding;
}

/** The export of this name, or what it promises; a function that is a whole CommonJS module is `default`. */
async function findHandler(url: string, name: string): Promise<Handler> {
  const exports = await exportsOf(url);
  if (isHandler(exports) && name === 'default') return exports;
  const inner: unknown = Reflect.get(exports, 'default');
  const isObject = typeof inner === 'object' && inner !== null;
  const found: unknown = await (Reflect.get(exports, name) ?? (isObject && Reflect.get(inner, name)));
  if (isHandler(found)) return found;
  throw new Error(`There is no handler function "${name}" in ${url}. ${whatItExports(exports)}`);
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

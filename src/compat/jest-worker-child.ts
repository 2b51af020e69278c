/** What a worker of the jest-worker adapter runs: the methods of the user's file, after its `setup`. */
import { exportsOf, whatItExports } from './worker-file.ts';
import { answerProcessSend, report, reportHeap, reporting } from './report-to-parent.ts';

/** What a worker is told when it starts. */
export interface FarmFile {
  readonly url: string;
  readonly setupArgs: readonly unknown[];
  readonly heapLimitBytes: number;
}

/** The first element of what jest-worker's own `messageParent` sends. */
const customMessage = 3;

let file: FarmFile = { url: '', setupArgs: [], heapLimitBytes: Infinity };
let loading: Promise<object> | null = null;
let loaded: object | null = null;
let settingUp: Promise<void> | null = null;
let isSetUp = false;

/** Notes which file to load; it is loaded by the first call. */
export function prepare(farmFile: FarmFile): void {
  file = farmFile;
  answerProcessSend((sent) => {
    if (!Array.isArray(sent) || sent[0] !== customMessage) return false;
    return report({ message: sent[1] });
  });
}

/** Runs the file's `setup`, once; one that failed is tried again. */
export async function setUp(): Promise<void> {
  settingUp ??= runSetup();
  try {
    await settingUp;
    isSetUp = true;
  } catch (cause) {
    settingUp = null;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Error when calling setup: ${message}`, { cause });
  }
}

async function runSetup(): Promise<void> {
  const exports = await load();
  const setup: unknown = Reflect.get(exports, 'setup');
  if (typeof setup === 'function') await Reflect.apply(setup, exports, file.setupArgs);
}

/** Calls a method with all arguments but the last, which is its name. */
export function callMethod(...argumentsAndName: unknown[]): Promise<unknown> {
  const name = String(argumentsAndName.pop());
  return reporting(async () => {
    const exports = loaded ?? (await load());
    const method = methodOf(exports, name);
    if (!isSetUp) await setUp();
    try {
      const result: unknown = await Reflect.apply(method, exports, argumentsAndName);
      return result;
    } finally {
      reportHeap(file.heapLimitBytes);
    }
  });
}

/** Runs the file's `teardown`, if the file was ever loaded. What it throws is nobody's any more. */
export async function tearDown(): Promise<void> {
  if (loading === null) return;
  try {
    const exports = await loading;
    const teardown: unknown = Reflect.get(exports, 'teardown');
    if (typeof teardown === 'function') await Reflect.apply(teardown, exports, []);
  } catch (error) {
    console.error(error);
  }
}

async function load(): Promise<object> {
  loading ??= exportsOf(file.url);
  try {
    loaded = await loading;
    return loaded;
  } catch (error) {
    loading = null;
    throw error;
  }
}

function methodOf(exports: object, name: string): (...args: unknown[]) => unknown {
  const isWhole = name === 'default' && typeof exports === 'function' && !('__esModule' in exports);
  const method: unknown = isWhole ? exports : Reflect.get(exports, name);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it takes is its caller's affair
  if (typeof method === 'function') return method as (...args: unknown[]) => unknown;
  throw new TypeError(`${file.url} has no method "${name}". ${whatItExports(exports)}`);
}

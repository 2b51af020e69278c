/** The packages that `troupe/compat` stands in for, and their stand-ins, as one table for tests. */
import * as original from 'jest-worker';
import OriginalTinypool from 'tinypool';
import * as adapter from 'troupe/compat/jest-worker';
import { type Options, Tinypool } from 'troupe/compat/tinypool';
import { onTestFinished } from 'vitest';

type Method = (...args: unknown[]) => adapter.PromiseWithCustomMessage<unknown>;

interface FarmMethods {
  start(): Promise<void>;
  end(): Promise<{ forceExited: boolean }>;
  getStdout(): NodeJS.ReadableStream;
  getStderr(): NodeJS.ReadableStream;
}

export interface OpenFarm {
  readonly farm: FarmMethods;
  /** Calls a method of the farm by its name. */
  readonly call: (name: string, ...args: unknown[]) => ReturnType<Method>;
}

const fixture = (name: string): URL => new URL(`../fixtures/compat/${name}`, import.meta.url);

/** Opens a farm of two workers that ends with the test. */
export type OpenFarmOf = (file: string, options?: adapter.WorkerFarmOptions) => OpenFarm;

/** Jest-worker's own farm and troupe's. */
export const farms: readonly (readonly [name: string, open: OpenFarmOf])[] = [
  ['jest-worker', (file, options) => opened(new original.Worker(fixture(file), both(options)))],
  ['troupe', (file, options) => opened(new adapter.Worker(fixture(file), both(options)))],
];

/** Troupe's own. */
export const openFarm: OpenFarmOf = (file, options) =>
  opened(new adapter.Worker(fixture(file), both(options)));

function both(options: adapter.WorkerFarmOptions = {}): never {
  return { numWorkers: 2, ...options } as never;
}

function opened(farm: FarmMethods): OpenFarm {
  onTestFinished(async () => {
    await farm.end().catch(() => undefined);
  });
  const methods = farm as unknown as Readonly<Record<string, Method>>;
  const call: OpenFarm['call'] = (name, ...args) => {
    const method = methods[name];
    if (method === undefined) throw new Error(`The farm has no method ${name}.`);
    return method(...args);
  };
  return { farm, call };
}

/** Opens a Tinypool of one worker process that ends with the test. */
export type OpenTinypool = (options?: Options) => Tinypool;

const tinypool = (options: Options): Options => ({
  filename: fixture('handlers.mjs').href,
  runtime: 'child_process',
  minThreads: 1,
  maxThreads: 1,
  env: { PATH: process.env['PATH'] },
  ...options,
});

/** Tinypool itself and troupe's. */
export const tinypools: readonly (readonly [name: string, open: OpenTinypool])[] = [
  [
    'tinypool',
    (options = {}) => {
      const pool = new OriginalTinypool(tinypool(options) as never);
      onTestFinished(() => pool.destroy());
      return pool as unknown as Tinypool;
    },
  ],
  ['troupe', (options = {}) => openTinypool(options)],
];

/** Troupe's own. */
export function openTinypool(options: Options = {}): Tinypool {
  const pool = new Tinypool(tinypool(options));
  onTestFinished(() => pool.destroy());
  return pool;
}

export { fixture };

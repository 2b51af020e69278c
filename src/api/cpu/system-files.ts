/** What counting CPUs asks of the system, as one value: tests put a recorded system in its place. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import process from 'node:process';
import { sysctlNumber } from './sysctl.ts';

export interface SystemFiles {
  readonly platform: NodeJS.Platform;
  /** The text of a file, or `undefined` when it cannot be read for any reason. */
  readonly readText: (path: string) => string | undefined;
  /** What Node itself says; from Node 22 on it may already hold a quota that was rounded down. */
  readonly availableParallelism: () => number;
  /** A number that `sysctl` knows by this name, where there is `sysctl`. */
  readonly sysctl: (name: string) => number | undefined;
}

export const realSystem: SystemFiles = {
  platform: process.platform,
  readText: readIfReadable,
  availableParallelism: () => os.availableParallelism(),
  sysctl: sysctlNumber,
};

function readIfReadable(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

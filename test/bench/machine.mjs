/** What the numbers were measured on, and how busy it was. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import process from 'node:process';

/** The machine, as far as a reader needs to know it. */
export function describeMachine() {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
    node: process.version,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
  };
}

/** The load averages over 1, 5 and 15 minutes. */
export function loadAverage() {
  return os.loadavg().map((load) => Number(load.toFixed(2)));
}

/** The version of a contender: of this package, of an installed one, or of Node if it is no package. */
export function versionOf(contender) {
  if (contender.kind === 'floor') return process.versions.node;
  const folder =
    contender.name === 'troupe' ? '../..' : `../../node_modules/${contender.package ?? contender.name}`;
  const text = readFileSync(new URL(`${folder}/package.json`, import.meta.url), 'utf8');
  return JSON.parse(text).version;
}

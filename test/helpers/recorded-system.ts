/** Reads the machines in `test/fixtures/systems`: the files each of them has, and what should be counted. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { SystemFiles } from '../../src/api/cpu/system-files.ts';

export interface RecordedSystem {
  readonly name: string;
  readonly cpus: number;
  readonly cores: number;
  readonly system: SystemFiles;
}

const folder = new URL('../fixtures/systems/', import.meta.url);

export function recordedSystems(): RecordedSystem[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.txt'));
  return files.map((file) => parse(basename(file, '.txt'), readFileSync(new URL(file, folder), 'utf8')));
}

function parse(name: string, text: string): RecordedSystem {
  const [about = '', ...parts] = text.split(/^=== /mu);
  const number = (word: string): number => {
    const found = new RegExp(`^${word} (\\d+)$`, 'mu').exec(about)?.[1];
    if (found === undefined) throw new Error(`${name}.txt does not say how many "${word}" there are.`);
    return Number(found);
  };
  const files = new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)] as const;
    }),
  );
  return {
    name,
    cpus: number('cpus'),
    cores: number('cores'),
    system: systemWith({ node: number('node'), readText: (path) => files.get(path) }),
  };
}

/** A Linux system of which only some things are told. */
export function systemWith(told: {
  readonly node: number;
  readonly readText?: SystemFiles['readText'];
  readonly platform?: NodeJS.Platform;
  readonly sysctl?: SystemFiles['sysctl'];
}): SystemFiles {
  const { node, readText = () => undefined, platform = 'linux', sysctl = () => undefined } = told;
  return { platform, readText, sysctl, availableParallelism: () => node };
}

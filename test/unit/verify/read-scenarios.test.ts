/** The folder of scenarios that `troupe verify --mutate --scenarios` is given. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readScenarios } from '../../../src/cli/verify-scenarios.ts';
import { withFolder } from '../../helpers/with-folder.ts';

const machines = ['lamp', 'door'];

async function write(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
    await writeFile(path.join(folder, file), `# ${file}\n`);
  }
}

test('scenarios are read machine by machine', () =>
  withFolder(async (folder) => {
    await write(folder, ['lamp/shines.txt', 'door/opens.txt', 'door/closes.txt']);
    expect(readScenarios(folder, machines)).toEqual([
      { machine: 'lamp', name: 'shines', text: '# lamp/shines.txt\n' },
      { machine: 'door', name: 'closes', text: '# door/closes.txt\n' },
      { machine: 'door', name: 'opens', text: '# door/opens.txt\n' },
    ]);
  }));

test.each([
  ['is not there', [], /ENOENT/u],
  ['lacks a machine', ['lamp/shines.txt'], /ENOENT.*door/u],
  ['is of other machines', ['lamp/shines.txt', 'door/opens.txt', 'bell/rings.txt'], /bell belongs to no/u],
  ['holds something else', ['lamp/shines.txt', 'door/opens.md'], /opens\.md is no text file\./u],
])('a folder that %s is refused, and it is said what is expected', (_what, files, problem) =>
  withFolder(async (folder) => {
    await write(path.join(folder, 'scenarios'), files);
    const read = (): unknown =>
      readScenarios(path.join(folder, files.length === 0 ? 'none' : 'scenarios'), machines);
    expect(read).toThrow(problem);
    expect(read).toThrow(/--scenarios expects a folder with one for each machine, lamp, door, and in each/u);
  }),
);

test('a machine without a scenario is refused', () =>
  withFolder(async (folder) => {
    await write(folder, ['lamp/shines.txt']);
    await mkdir(path.join(folder, 'door'));
    expect(() => readScenarios(folder, machines)).toThrow(/door is empty\. --scenarios expects/u);
  }));

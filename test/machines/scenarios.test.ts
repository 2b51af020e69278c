/**
 * What each machine does, as stories that people can read: see `scenarios/`. UPDATE_SCENARIOS=1 rewrites
 * what they say.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { afterAll, describe, expect, test } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { createMachine } from 'xstate';
import { machines } from '../../machines/index.ts';
import { playInLockstep } from '../helpers/scenario.ts';

const folder = new URL('scenarios/', import.meta.url);
const isUpdate = process.env['UPDATE_SCENARIOS'] === '1';
const names = Object.keys(machines);
const rewritten: string[] = [];

afterAll(() => {
  if (rewritten.length === 0) return;
  console.log(
    `Rewritten: ${rewritten.join(', ')}\n` +
      'Only commit rewritten scenarios if you understand every change in them.',
  );
});

test('every machine has scenarios, and every scenario a machine', () => {
  expect(readdirSync(folder).toSorted()).toEqual(names.toSorted());
});

describe.each(Object.entries<AnyStateMachine>(machines))('%s', (name, machine) => {
  const files = readdirSync(new URL(`${name}/`, folder));

  test.each(files)('%s', (file) => {
    expect(file).toMatch(/^[a-z0-9-]+\.txt$/u);
    const url = new URL(`${name}/${file}`, folder);
    const text = readFileSync(url, 'utf8');
    const played = playInLockstep(machine, text);
    if (isUpdate && played !== text) {
      writeFileSync(url, played);
      rewritten.push(`${name}/${file}`);
      return;
    }
    expect(text).toBe(played);
  });
});

describe('a scenario', () => {
  const lamp = createMachine(
    {
      id: 'lamp',
      context: ({ input }: { input: { watts: number } }) => ({ watts: input.watts, uses: 0 }),
      initial: 'off',
      on: { '*': { actions: 'unexpected' } },
      meta: { ignores: { rain: 'it hangs indoors' } },
      states: { off: { on: { press: 'on' } }, on: { after: { 1000: 'off' }, on: { press: 'off' } } },
    } as never,
    { actions: { unexpected: () => {} } },
  );
  const start = '# A lamp\ninput: {"watts":40}\n';
  const started = `${start}state: off\ncontext: {"uses":0}\n`;
  const lit = 'state: on\ntimer: 1000 in 1000 ms\n';

  test.each([
    ['what happened instead of what it said', `${start}state: on\ncommand: explode\ntimer: 3\n`, started],
    ['comments as they are', `${start}\n# One press.\n> press`, `${started}\n# One press.\n> press\n${lit}`],
    [
      'that a timer was cancelled',
      `${start}> press\n> press {"hard":true}`,
      `${started}> press\n${lit}> press {"hard":true}\nstate: off\ntimer: 1000 cancelled\n`,
    ],
    [
      'that a timer fired',
      `${start}> press\n> after 1000`,
      `${started}> press\n${lit}> after 1000\nstate: off\n`,
    ],
    ['what is unexpected', `${start}> quake`, `${started}> quake\nstate: off\ncommand: unexpected\n`],
    ['what is ignored', `${start}> rain`, `${started}> rain\nstate: off\nignored\n`],
  ])('says %s', (_what, text, played) => {
    expect(playInLockstep(lamp, text)).toBe(played);
    expect(playInLockstep(lamp, played)).toBe(played);
  });

  test.each([
    ['input: {}', /begins with its title/u],
    ['# A lamp\n> press', /Line 2, > press: .*before `input/u],
    [`${start}input: {}`, /Line 3, .*one input/u],
    [`${start}press`, /Line 3, press: .*neither/u],
    [`${start}> after 1000`, /Line 3, .*no such timer is running, but: none/u],
  ])('is refused: %j', (text, problem) => {
    expect(() => playInLockstep(lamp, text)).toThrow(problem);
  });
});

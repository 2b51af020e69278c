/** What `troupe verify` can explore: the pool within its scopes, or the models of somebody's module. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Model } from '../verify/model.ts';
import { poolModel } from '../verify/pool/pool-model.ts';
import type { NamedScope } from '../verify/pool/named-scope.ts';
import { nightlyScopes, scopes } from '../verify/pool/scopes.ts';
import { UsageError } from './usage-error.ts';
import type { VerifyOptions } from './verify-options.ts';

/** A model within one scope. */
export interface Subject {
  readonly name: string;
  readonly about: string;
  readonly model: Model;
  readonly scope: object;
  /** How many moments it had when that was last counted; 0: unknown. */
  readonly states: number;
  /** It takes hours, and is explored when it is asked for. */
  readonly isLong: boolean;
}

export interface Choice {
  readonly chosen: readonly Subject[];
  readonly leftOut: readonly Subject[];
}

/** Finds what the options name; throws `UsageError`. */
export async function chooseSubjects({ machine, only }: VerifyOptions): Promise<Choice> {
  const all = machine === undefined ? poolSubjects() : await subjectsIn(machine);
  for (const name of only) {
    if (all.some((subject) => subject.name === name)) continue;
    throw new UsageError(
      `There is no scope '${name}'. There is ${all.map((each) => `'${each.name}'`).join(', ')}.`,
    );
  }
  const isChosen = ({ name, isLong }: Subject): boolean =>
    only.length === 0 ? !isLong : only.includes(name);
  const leftOut = only.length === 0 ? all.filter((subject) => !isChosen(subject)) : [];
  return { chosen: all.filter(isChosen), leftOut };
}

function poolSubjects(): Subject[] {
  return [...subjectsOf(scopes, false), ...subjectsOf(nightlyScopes, true)];
}

function subjectsOf(named: Readonly<Record<string, NamedScope>>, isLong: boolean): Subject[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each scope is one of its own
  const model = poolModel as unknown as Model;
  return Object.entries(named).map(([name, { about, scope, states }]) => {
    return { name, about, model, scope, states, isLong };
  });
}

async function subjectsIn(file: string): Promise<Subject[]> {
  const found = await load(file);
  const models = [...new Set(Object.values(found).flat())].filter(isModel);
  if (models.length === 0) {
    throw new UsageError(
      `${file} exports no model. Make one: export default model({ name, machines, scope, topology }), with ` +
        "model from 'troupe/verify'.",
    );
  }
  for (const made of models) refuseIncomplete(file, made);
  const about = `in ${file}`;
  return models.map((model) => ({ name: model.name, about, model, scope: {}, states: 0, isLong: false }));
}

async function load(file: string): Promise<object> {
  if (!existsSync(file)) throw new UsageError(`${file} cannot be loaded. There is no such file.`);
  const onExit = (): void => {
    process.stderr.write(
      `troupe: ${file} cannot be loaded. It ended this process, or it waits for what never comes.\n`,
    );
    process.exitCode = 2;
  };
  process.on('exit', onExit);
  try {
    const found: unknown = await import(pathToFileURL(path.resolve(file)).href);
    return typeof found === 'object' && found !== null ? found : {};
  } catch (error) {
    throw new UsageError(`${file} cannot be loaded. ${String(error)}`);
  } finally {
    process.off('exit', onExit);
  }
}

/** Who does not write TypeScript learns it here. */
function refuseIncomplete(file: string, { name, machines, scope, topology }: Partial<Model>): void {
  const missing = [
    ...(typeof name === 'string' ? [] : ['name']),
    ...(isObject(machines) ? [] : ['machines']),
    ...(isObject(scope) ? [] : ['scope']),
    ...(typeof topology === 'function' ? [] : ['topology']),
  ];
  const which = typeof name === 'string' ? `The model '${name}'` : 'A model';
  if (missing.length > 0) throw new UsageError(`${which} in ${file} lacks ${missing.join(', ')}.`);
  for (const [kind, machine] of Object.entries<unknown>(machines ?? {})) {
    if (isObject(machine) && isObject(Reflect.get(machine, 'root'))) continue;
    throw new UsageError(
      `${which} in ${file} has a machine '${kind}' that is none: make it with setup().createMachine().`,
    );
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isModel(value: unknown): value is Model {
  return isObject(value) && Reflect.get(value, 'isModel') === true;
}

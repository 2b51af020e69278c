/**
 * Keeps what a task imports or requires from reaching the program's main script: a child that loaded it would
 * run the program again, pools and all.
 */
import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { isMainScript, mainScriptUrl } from '../codec/reference/main-script.ts';
import { NotSerializableError } from '../errors.ts';
import { wayToMainScript } from './way-to-main-script.ts';

interface Resolved {
  readonly url: string;
}

interface ResolveContext {
  readonly parentURL?: string | undefined;
}

type NextResolve = (specifier: string, context: ResolveContext) => Resolved;
type RegisterHooks = (hooks: {
  resolve: (specifier: string, context: ResolveContext, nextResolve: NextResolve) => Resolved;
}) => unknown;

let isGuarded = false;

/**
 * Refuses every later import and `require` of the main script. Node before 22.15 has no means to look at each
 * import: there the files that the module at `url` imports are read for it now.
 */
export function guardMainScript(url?: string): void {
  if (mainScriptUrl() === undefined) return;
  const registerHooks: unknown = Reflect.get(module, 'registerHooks');
  const hasHooks = isRegisterHooks(registerHooks);
  if (!isGuarded) {
    isGuarded = true;
    if (hasHooks) guardAllImports(registerHooks);
    else guardRequire();
  }
  if (!hasHooks && url !== undefined) refuseWayToMainScript(url);
}

function guardAllImports(registerHooks: RegisterHooks): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      if (isMainScript(resolved.url)) throw refuseImport(specifier, context);
      return resolved;
    },
  });
}

/**
 * `Module.prototype.load` is what `require` calls with the path of a file that is not loaded yet. Node has
 * called it so since its first versions, and those without hooks for it will not change.
 */
function guardRequire(): void {
  const { prototype } = module.Module;
  const load: unknown = Reflect.get(prototype, 'load');
  if (typeof load !== 'function') return;
  Reflect.set(prototype, 'load', function loadOther(this: NodeJS.Module, file: string): unknown {
    if (!isMainScript(pathToFileURL(file).href)) return Reflect.apply(load, this, [file]);
    throw refuseImport(file, { parentURL: requirerOf(this) }, 'requires');
  });
}

function requirerOf(required: NodeJS.Module): string | undefined {
  const parent: unknown = Reflect.get(required, 'parent');
  const file: unknown = typeof parent === 'object' && parent !== null ? Reflect.get(parent, 'filename') : '';
  return typeof file === 'string' && file !== '' ? file : undefined;
}

function refuseWayToMainScript(url: string): void {
  const way = wayToMainScript(url);
  const last = way?.at(-1);
  if (way === undefined || last === undefined) return;
  throw refuseImport(last, { parentURL: way.length > 1 ? way.slice(0, -1).join(', which imports ') : url });
}

function refuseImport(
  specifier: string,
  { parentURL }: ResolveContext,
  verb = 'imports',
): NotSerializableError {
  return new NotSerializableError(
    'function',
    `${parentURL ?? 'A module'} ${verb} '${specifier}', the main script, which never runs in a worker ` +
      'because that would start the program again. Move what both need to a file of its own.',
  );
}

function isRegisterHooks(value: unknown): value is RegisterHooks {
  return typeof value === 'function';
}

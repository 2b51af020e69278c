/**
 * Keeps a task's own imports from reaching the program's main script, where Node allows to look at every
 * import: a child that imported it would run the program again, pools and all.
 */
import module from 'node:module';
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
 * Refuses every later import of the main script. Node before 22.15 has no means for it: there the files that
 * the module at `url` imports are read for it now.
 */
export function guardMainScript(url?: string): void {
  if (mainScriptUrl() === undefined) return;
  const registerHooks: unknown = Reflect.get(module, 'registerHooks');
  if (isRegisterHooks(registerHooks)) guardAllImports(registerHooks);
  else if (url !== undefined) refuseWayToMainScript(url);
}

function guardAllImports(registerHooks: RegisterHooks): void {
  if (isGuarded) return;
  isGuarded = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      if (isMainScript(resolved.url)) throw refuseImport(specifier, context);
      return resolved;
    },
  });
}

function refuseWayToMainScript(url: string): void {
  const way = wayToMainScript(url);
  const last = way?.at(-1);
  if (way === undefined || last === undefined) return;
  throw refuseImport(last, { parentURL: way.length > 1 ? way.slice(0, -1).join(', which imports ') : url });
}

function refuseImport(specifier: string, { parentURL }: ResolveContext): NotSerializableError {
  return new NotSerializableError(
    'function',
    `${parentURL ?? 'A module'} imports '${specifier}', the main script, which never runs in a worker ` +
      'because that would start the program again. Move what both need to a file of its own.',
  );
}

function isRegisterHooks(value: unknown): value is RegisterHooks {
  return typeof value === 'function';
}

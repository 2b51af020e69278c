/** Lets Node keep what V8 has compiled of the modules that tasks import, for the next child. */
import module from 'node:module';
import process from 'node:process';

type EnableCompileCache = () => unknown;

/**
 * From here on: files that are loaded already are not kept. Node chooses the directory, and heeds the
 * variables NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE. Does nothing where Node has no such cache or
 * limits what it may do, and where code coverage is taken, which the cache would blur.
 */
export function useCompileCache(): void {
  const enable: unknown = Reflect.get(module, 'enableCompileCache');
  if (!isEnable(enable) || Reflect.get(process, 'permission') !== undefined) return;
  if (process.env['NODE_V8_COVERAGE'] !== undefined) return;
  try {
    enable();
  } catch {
    // A child without it only starts later.
  }
}

function isEnable(value: unknown): value is EnableCompileCache {
  return typeof value === 'function';
}

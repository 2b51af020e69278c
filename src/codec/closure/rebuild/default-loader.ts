/**
 * Lets compiled text import modules as the file it comes from would: by Node's own rules, hooks and all.
 * Node warns of this as experimental, which the user neither chose nor can change, so exactly that warning
 * is kept back.
 */
import process from 'node:process';
import vm from 'node:vm';

type Import = (specifier: string, options: { readonly with: object } | undefined) => Promise<unknown>;

type EmitWarning = typeof process.emitWarning;

const importers = new Map<string, Import>();
let isPrimed = false;

/** What `vm` is told for text that imports. */
export function defaultLoader(): typeof vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER {
  prime();
  return vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
}

/** `import()` as it works in `file`, a URL or a path. */
export function importerAt(file: string): Import {
  const known = importers.get(file);
  if (known !== undefined) return known;
  const importer = compileImporter(file);
  importers.set(file, importer);
  return importer;
}

function compileImporter(file: string): Import {
  const made: unknown = vm.compileFunction('return import(specifier, options)', ['specifier', 'options'], {
    filename: file,
    importModuleDynamically: defaultLoader(),
  });
  if (isImport(made)) return made;
  throw new TypeError('vm compiled no function');
}

function isImport(value: unknown): value is Import {
  return typeof value === 'function';
}

/** Node warns once in a process, at the first import, and before that returns. */
function prime(): void {
  if (isPrimed) return;
  isPrimed = true;
  const emitWarning: EmitWarning = process.emitWarning.bind(process);
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  const emitOthers: EmitWarning = (warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER')) emitWarning(warning, ...rest);
  };
  process.emitWarning = emitOthers;
  try {
    void importerAt(import.meta.url)('node:module', undefined);
  } finally {
    if (original !== undefined) Object.defineProperty(process, 'emitWarning', original);
  }
}

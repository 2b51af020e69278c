/** Makes one file of all the code of a gated child, so that children start as fast as they can. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export interface Bundle {
  /** What `node` runs in a child. */
  readonly entry: string;
  /** A place for what belongs to the run. */
  readonly folder: string;
  remove(): Promise<void>;
}

export async function bundleChild(): Promise<Bundle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lockstep-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: fileURLToPath(new URL('gated-child.ts', import.meta.url)),
      outDir: folder,
      target: 'node20',
      minify: false,
      sourcemap: 'inline',
      rolldownOptions: { output: { entryFileNames: 'child.mjs', format: 'es' } },
    },
  });
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  return { entry: path.join(folder, 'child.mjs'), folder, remove };
}

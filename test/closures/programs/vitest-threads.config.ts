/**
 * A vitest run whose tests are in threads; it only reports, and a test of the usual run looks at the report.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/closures/programs/vitest-threads.spec.ts'],
    server: { deps: { external: [/\/dist\//] } },
    pool: 'threads',
    maxWorkers: 1,
    testTimeout: 120_000,
  },
});

/** What a stranger reads when a worker cannot start: which option, and what Node said. */
import process from 'node:process';
import { type PoolOptions, PoolBrokenError } from 'troupe';
import { expect, test } from 'vitest';
import { add } from '../../fixtures/jobs/plain.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { withPool } from '../../helpers/with-pool.ts';

const messageOf = (options: PoolOptions): Promise<string> =>
  withPool({ restarts: { max: 0 }, ...options }, async (pool) => {
    const { message } = await rejectionOf(pool.submit(add, 1, 2), PoolBrokenError);
    return message;
  });

test('a folder that is a file', async () => {
  const message = await messageOf({ cwd: process.execPath });
  expect(message).toContain(`working directory ${process.execPath} is not a folder`);
});

test('a folder that is not there', async () => {
  expect(await messageOf({ cwd: '/no/such/folder' })).toContain('/no/such/folder does not exist');
});

test('a flag that Node does not know', async () => {
  const message = await messageOf({ execArgv: ['--nope'] });
  expect(message).toMatch(/Node refused to start \(exit code 9\): bad option: --nope\. Correct `execArgv`/u);
});

test('a flag that Node does not take from NODE_OPTIONS', async () => {
  const message = await messageOf({ env: { NODE_OPTIONS: '--nope' } });
  expect(message).toMatch(/--nope is not allowed in NODE_OPTIONS\. Correct .* NODE_OPTIONS/u);
});

test('a module to load first that is not there: the error, not only the end of its trace', async () => {
  const message = await messageOf({ execArgv: ['--import', '/no/such/file.mjs'] });
  expect(message).toMatch(/exit code 1 before it had run any task.*`execArgv` and the NODE_OPTIONS/u);
  expect(message).toMatch(/\| Error \[ERR_MODULE_NOT_FOUND\]: Cannot find module .*file\.mjs/u);
});

test('`initialize` that exits', async () => {
  const message = await messageOf({ initialize: { fn: () => process.exit(3) } });
  expect(message).toMatch(/exit code 3 before it had run any task. Either `initialize`, or a module/u);
});

test('`initialize` with an error that nobody caught', async () => {
  const message = await messageOf({
    initialize: {
      fn: () =>
        new Promise(() => {
          setTimeout(() => {
            throw new RangeError('thrown later');
          });
        }),
    },
  });
  expect(message).toMatch(/nobody caught ended it: RangeError: thrown later .*came from `initialize`/u);
});

test('memory for nothing: the limit is named', async () => {
  const message = await messageOf({ resourceLimits: { maxOldGenerationSizeMb: 1 } });
  expect(message).toMatch(/ran out of memory .*`resourceLimits: \{ maxOldGenerationSizeMb \}`/u);
});

/** A pool that is closed leaves no memory behind. */
import v8 from 'node:v8';
import vm from 'node:vm';
import { createPool, type Pool } from 'troupe';
import { test } from 'vitest';
import { workerPid } from '../fixtures/life/answers.mjs';
import { waitUntil } from '../helpers/processes.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

test('a closed pool is let go of, also if a listener of its own refers to it', async () => {
  const useAndClose = async (): Promise<WeakRef<Pool>> => {
    const pool = createPool({ maxWorkers: 1 });
    pool.on('stateChanged', () => pool.state);
    await pool.submit(workerPid);
    await pool.close();
    return new WeakRef(pool);
  };
  const closed = await useAndClose();
  await waitUntil('nothing holds the pool any more', () => {
    collectGarbage();
    return closed.deref() === undefined;
  });
});

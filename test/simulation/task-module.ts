/**
 * The functions of the workload under an address that is the same in every checkout: addresses travel, and
 * what travels decides how a run goes.
 */
import { loadFunction } from '../../src/child/module-loader.ts';
import * as tasks from '../workload/tasks.mjs';

const place = Symbol.for('troupe.simulation.tasks');
const names = Object.keys(tasks).toSorted();
const code = `export const { ${names.join(', ')} } = globalThis[Symbol.for('troupe.simulation.tasks')];`;

export const tasksUrl: URL = new URL(`data:text/javascript,${encodeURIComponent(code)}`);

/** Imports them as a child would, so that importing is no event of the real world later on. */
export async function loadTasks(): Promise<void> {
  Reflect.set(globalThis, place, tasks);
  for (const name of names) await loadFunction({ url: tasksUrl.href, name });
}

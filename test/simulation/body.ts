/** What the functions of the workload may do to their process, when that is a simulated one. */
import type { Body } from '../workload/tasks.mjs';
import { SimulatedChild } from './child.ts';
import { tasksUrl } from './task-module.ts';
import type { World } from './world.ts';

const never = new Promise<never>(() => undefined);
const place: unique symbol = Symbol.for('troupe.workload.body') as never;

/** Lets the functions of the workload act on whichever process runs them. Returns what ends it. */
export function installBody(world: World): () => void {
  const self = (): SimulatedChild => {
    if (world.running instanceof SimulatedChild) return world.running;
    throw new TypeError('A function of the workload runs outside of any process.');
  };
  const body: Body = {
    exit(code) {
      self().exit(code);
      return never;
    },
    signal(name) {
      const child = self();
      if (name === 'SIGSTOP') child.receive(name);
      else child.die({ exitCode: null, signal: name }, `sends itself ${name}`);
      return name === 'SIGSTOP' ? child.whenContinued() : never;
    },
    wait: (ms, signal) => wait(world, self(), ms, signal),
    spin: (ms) => self().computes(ms),
    leak: (error) => self().failUncaught(error),
    url: tasksUrl,
  };
  Reflect.set(globalThis, place, body);
  return () => {
    Reflect.deleteProperty(globalThis, place);
  };
}

function wait(world: World, child: SimulatedChild, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      timer.cancel();
      reject(new DOMException('The operation was aborted', 'AbortError'));
    };
    const timer = world.schedule(ms, `has waited ${ms} ms`, child, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** As many processors for the pools that are made from now on, whatever this machine has. */
import { onTestFinished } from 'vitest';
import { LeaseOffice } from '../../src/parent/lease-office.ts';
import { PROTOCOL_VERSION } from '../../machines/protocol.ts';

export function givenCpus(count: number): void {
  const key = Symbol.for(`troupe.lease-office.${PROTOCOL_VERSION}`);
  Reflect.set(globalThis, key, new LeaseOffice(null, () => count));
  onTestFinished(() => void Reflect.deleteProperty(globalThis, key));
}

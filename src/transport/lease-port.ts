/**
 * Where pools inside a worker find the way to the process above, to borrow leases there. It is one for each
 * process, also if several copies of the library are loaded: the child's own, and what tasks import.
 */
import { PROTOCOL_VERSION } from '../../machines/protocol.ts';

/** What goes up: so many leases are wanted, or given back. */
export type LeaseRequest = ['lease' | 'unlease', count: number];
/** What comes down: so many are granted, or others want so many. */
export type LeaseAnswer = ['leased' | 'shortage', count: number];

export interface LeasePort {
  send(request: LeaseRequest): void;
  /** Who hears what comes down. */
  listener: ((answer: LeaseAnswer) => void) | null;
}

const portKey = Symbol.for(`troupe.lease-port.${PROTOCOL_VERSION}`);

/** Makes this process one whose pools borrow from the process above. */
export function openLeasePort(send: LeasePort['send']): LeasePort {
  const port: LeasePort = { send, listener: null };
  Reflect.set(globalThis, portKey, port);
  return port;
}

/** The way up, or `null` if no process of ours is above this one. */
export function findLeasePort(): LeasePort | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else knows the key
  return (Reflect.get(globalThis, portKey) as LeasePort | undefined) ?? null;
}

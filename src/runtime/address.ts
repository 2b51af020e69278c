/** How XState's `sendTo` names a machine of the system: `server`, or one of several as `server:2`. */

/** One machine: its kind, and its number among those of its kind; 0 if there is only one. */
export interface Address {
  readonly to: string;
  readonly id: number;
}

const pattern = /^(?<to>[^:#]+)(?::(?<id>[1-9]\d*))?$/u;

/** Reads `server` or `server:2`; `undefined` if it is neither. */
export function readAddress(text: string): Address | undefined {
  const { to, id } = pattern.exec(text)?.groups ?? {};
  return to === undefined ? undefined : { to, id: Number(id ?? 0) };
}

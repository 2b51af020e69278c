/** The types of events as people read them. */

const afterPattern = /^xstate\.after\.(?<delay>[^.]+)\./u;

/** `xstate.after.1000.door.open` is `after 1000`; all others are what they are. */
export function eventText(type: string): string {
  const delay = afterPattern.exec(type)?.groups?.['delay'];
  return delay === undefined ? type : `after ${delay}`;
}

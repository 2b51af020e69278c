/**
 * Turns one action of a definition into a function that changes the context, raises an event or asks for a
 * command.
 */
import { type Address, readAddress } from './address.ts';
import { CompileError, type Site } from './compile-error.ts';
import { isBuiltIn, isCallable, isRecord, readReference } from './definition-value.ts';
import type { Callable } from './definition-value.ts';
import type { Context, Facts, MachineEvent } from './facts.ts';

/**
 * What a machine asks for. `setTimer` and `cancelTimer` come from delays; all others are the definition's
 * own words.
 */
export interface Command {
  readonly type: string;
  readonly params: unknown;
}

/** The params of `setTimer`. A timer without an id is never cancelled, and several may run at once. */
export interface TimerRequest {
  readonly id: string | undefined;
  readonly event: MachineEvent;
  readonly delayMs: number;
}

export type Perform = (facts: Facts, outbox: Command[], raised: MachineEvent[]) => void;

export interface Operation {
  readonly perform: Perform;
  readonly assigns: boolean;
  /** The action as the definition has it; none if XState adds it. */
  readonly source?: unknown;
}

export function compileAction(action: unknown, state: Site): Operation {
  return { ...compiled(action, state), source: action };
}

function compiled(action: unknown, state: Site): Operation {
  if (isCallable(action)) return fromFunction(action, undefined, state);
  const reference = readReference(action);
  if (reference === undefined)
    throw new CompileError(state, 'an action that is neither a name nor a function');
  const implementation = actionsOf(state)[reference.name];
  if (!isCallable(implementation)) {
    throw new CompileError(state, `the action '${reference.name}', which is not implemented`);
  }
  if (isBuiltIn(implementation, 'resolve')) return fromFunction(implementation, reference.params, state);
  return { perform: command(reference.name, reference.params), assigns: false };
}

function fromFunction(action: Callable, params: unknown, state: Site): Operation {
  if (!isBuiltIn(action, 'resolve')) {
    const name = action.name === '' ? '' : ` '${action.name}'`;
    throw new CompileError(state, `the inline function${name} as an action, which would be an effect`);
  }
  switch (action['type']) {
    case 'xstate.assign':
      return { perform: assign(action['assignment'], params), assigns: true };
    case 'xstate.raise':
      return { perform: raise(action, params, state), assigns: false };
    case 'xstate.cancel':
      return { perform: cancelTimer(action['sendId'], params), assigns: false };
    case 'xstate.sendTo':
      return { perform: send(action, params, state), assigns: false };
    default:
      throw new CompileError(
        state,
        `the built-in action '${String(action['type'])}', which is not supported`,
      );
  }
}

function command(type: string, params: unknown): Perform {
  if (!isCallable(params)) return ask(type, params);
  return (facts, outbox) => {
    const value = params(facts);
    // The context changes in place, and a command must not change after it was asked for.
    outbox.push({ type, params: value === facts.context ? { ...facts.context } : value });
  };
}

/** Nothing depends on the facts: every turn asks for the same frozen command. */
function ask(type: string, params: unknown): Perform {
  const unchanging: Command = Object.freeze({ type, params: Object.freeze(params) });
  return (_facts, outbox) => {
    outbox.push(unchanging);
  };
}

function assign(assignment: unknown, params: unknown): Perform {
  const update = isCallable(assignment) ? assignFrom(assignment) : assignEach(Object(assignment));
  if (isCallable(params)) return (facts) => update(facts, params(facts));
  return (facts) => update(facts, params);
}

type Update = (facts: Facts, params: unknown) => void;

function assignFrom(assignment: Callable): Update {
  return (facts, params) => {
    Object.assign(facts.context, assignment(facts, params));
  };
}

function assignEach(assignment: Context): Update {
  const entries = Object.entries(assignment);
  const [first] = entries;
  if (first === undefined) return () => {};
  if (entries.length === 1) {
    const [key, value] = first;
    if (!isCallable(value)) return (facts) => void (facts.context[key] = value);
    return (facts, params) => void (facts.context[key] = value(facts, params));
  }
  const [second, ...others] = entries.slice(1);
  if (second === undefined) return () => {};
  if (others.length === 0) return assignTwo(first, second);
  const keys = entries.map(([key]) => key);
  const makers = entries.map(([, value]) => makerOf(value));
  return (facts, params) => {
    // All of them see the context as it was, so nothing is written before the last one has answered.
    const values: unknown[] = [];
    for (const make of makers) values.push(make(facts, params));
    let next = 0;
    for (const key of keys) {
      facts.context[key] = values[next];
      next += 1;
    }
  };
}

type Entry = readonly [key: string, value: unknown];

/** The same without a list: most assign two at most. */
function assignTwo([key, value]: Entry, [otherKey, otherValue]: Entry): Update {
  const make = makerOf(value);
  const makeOther = makerOf(otherValue);
  return (facts, params) => {
    const made = make(facts, params);
    const other = makeOther(facts, params);
    facts.context[key] = made;
    facts.context[otherKey] = other;
  };
}

const makerOf = (value: unknown): Callable => (isCallable(value) ? value : (): unknown => value);

function raise(action: Record<string, unknown>, params: unknown, state: Site): Perform {
  const { event } = action;
  if (!isCallable(event) && !isEvent(event)) throw new CompileError(state, 'raise without an event object');
  const eventOf = isCallable(event) ? withParams(event, params) : event;
  if (action['delay'] === undefined) return raiseNow(eventOf);
  const delay = delayOf(action['delay'], state);
  const id = typeof action['id'] === 'string' ? action['id'] : undefined;
  if (isCallable(delay)) return setTimer(id, eventOf, withParams(delay, params));
  if (!Number.isFinite(delay)) return () => {};
  if (!isCallable(eventOf)) return ask('setTimer', timer(id, eventOf, delay));
  return setTimer(id, eventOf, () => delay);
}

function raiseNow(event: MachineEvent | Callable): Perform {
  if (!isCallable(event)) return (_facts, _outbox, raised) => void raised.push(event);
  return (facts, _outbox, raised) => void raised.push(asEvent(event(facts)));
}

/** Mail to another machine is a command like any other: `tell`. */
function send(action: Record<string, unknown>, params: unknown, state: Site): Perform {
  const { to, event } = action;
  if (to === '#_parent') {
    throw new CompileError(
      state,
      "sendParent, which knows no name: say whom it is for, as sendTo('server', …)",
    );
  }
  if (action['delay'] !== undefined) {
    throw new CompileError(state, 'sendTo with a delay: wait in a state with `after`, and send then');
  }
  const address = typeof to === 'string' ? readAddress(to) : undefined;
  if (address === undefined && !isCallable(to)) {
    const target = typeof to === 'string' ? `'${to}'` : 'an actor';
    throw new CompileError(
      state,
      `sendTo with ${target} as its target: name a machine, 'server' or 'server:2'`,
    );
  }
  if (!isCallable(event) && !isEvent(event)) throw new CompileError(state, 'sendTo without an event object');
  if (address !== undefined && !isCallable(event)) return ask('tell', { ...address, event });
  const addressOf = isCallable(to) ? withParams(to, params) : (): unknown => to;
  const eventOf = isCallable(event) ? withParams(event, params) : (): unknown => event;
  return (facts, outbox) => {
    const letter = { ...asAddress(addressOf(facts)), event: asEvent(eventOf(facts)) };
    outbox.push({ type: 'tell', params: letter });
  };
}

function setTimer(id: string | undefined, event: MachineEvent | Callable, delay: Callable): Perform {
  return (facts, outbox, raised) => {
    const happened = isCallable(event) ? asEvent(event(facts)) : event;
    const delayMs = delay(facts);
    // As in XState: a delay that gives no number is no delay.
    if (typeof delayMs !== 'number') raised.push(happened);
    else if (Number.isFinite(delayMs)) {
      outbox.push({ type: 'setTimer', params: timer(id, happened, delayMs) });
    }
  };
}

function timer(id: string | undefined, event: MachineEvent, delayMs: number): TimerRequest {
  return { id, event, delayMs };
}

function cancelTimer(sendId: unknown, params: unknown): Perform {
  if (!isCallable(sendId)) return ask('cancelTimer', { id: sendId });
  const idOf = withParams(sendId, params);
  return (facts, outbox) => {
    outbox.push({ type: 'cancelTimer', params: { id: idOf(facts) } });
  };
}

function delayOf(delay: unknown, state: Site): number | Callable {
  const { delays } = state.machine.implementations;
  const found = typeof delay === 'string' && isRecord(delays) ? delays[delay] : delay;
  if (typeof found === 'number' || isCallable(found)) return found;
  throw new CompileError(state, `the delay '${String(delay)}', which is not implemented`);
}

function withParams(action: Callable, params: unknown): Callable {
  if (isCallable(params)) return (facts) => action(facts, params(facts));
  return (facts) => action(facts, params);
}

function actionsOf(state: Site): Record<string, unknown> {
  const { actions } = state.machine.implementations;
  return isRecord(actions) ? actions : {};
}

function isEvent(value: unknown): value is MachineEvent {
  return isRecord(value) && typeof value['type'] === 'string';
}

function asEvent(value: unknown): MachineEvent {
  if (isEvent(value)) return value;
  throw new TypeError('A machine raised something that is not an event object with a `type`.');
}

function asAddress(value: unknown): Address {
  const address = typeof value === 'string' ? readAddress(value) : undefined;
  if (address !== undefined) return address;
  const given = typeof value === 'string' ? `'${value}'` : `a value of type ${typeof value}`;
  throw new TypeError(
    `A machine used sendTo with ${given} as its target: it must be 'server' or 'server:2'.`,
  );
}

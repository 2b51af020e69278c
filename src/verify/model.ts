/**
 * A system of machines as the checker sees it: who is there, what their commands mean, and what the world
 * around them may do.
 */
import type { AnyStateMachine } from 'xstate';
import type { Command, MachineEvent } from '../runtime/compile.ts';
import type { Sort } from './layout.ts';
import type { Property } from './property.ts';
import type { World } from './world.ts';

/**
 * Something that may happen next. `system`: it happens if it stays possible. `timer`: the same, for a timer
 * that fires. `caller`: somebody outside may do it or not. `fault`: it may go wrong or not.
 */
export interface Move {
  /** What kind of thing happens; fairness and the report's counts go by it. */
  readonly name: string;
  readonly kind: 'system' | 'timer' | 'caller' | 'fault';
  /**
   * To which member, and with what: for `apply` and `describe`. Moves whose name, id and detail are the same
   * must do the same in the same moment: what one did is remembered.
   */
  readonly id: number;
  readonly detail: number;
  /**
   * It touches nothing that any other move reads or changes, and no property sees it: exploring it alone
   * loses nothing. Used when reduction is on, and only as true as its author's reasoning; compare with an
   * unreduced search on a small scope.
   */
  readonly isIndependent?: boolean;
}

/** The world around the machines. All of it is optional. */
export interface Environment {
  /** Records it keeps, beyond those of the topology. */
  readonly records?: Topology['records'];
  /** The names its moves may have, so that a report can say which were never made. */
  readonly moveNames?: readonly string[];
  /** How many letters on their way between machines may be lost, in all; may be `Infinity`. Default: 0. */
  readonly lettersLost?: number;
  /** Makes the first moment's members and records beyond those of the topology. */
  readonly setup?: (world: World) => void;
  /** Gives a command of a machine its meaning. Without it commands other than `tell` mean nothing. */
  readonly perform?: (world: World, kind: string, id: number, command: Command) => void;
  /**
   * Called when a turn's mail is used up. True if it sent more. `stepped`: the kinds of machines that took
   * mail in this turn.
   */
  readonly onIdle?: (world: World, stepped: ReadonlySet<string>) => boolean;
  /** Mail to a member that is not there. */
  readonly onLate?: (world: World, kind: string, id: number, event: MachineEvent) => void;
  /** Adds what may happen in this moment. */
  readonly moves?: (world: World, moves: Move[]) => void;
  /** Makes a move of `moves` happen. */
  readonly apply?: (world: World, move: Move) => void;
  /** A move as part of a story. */
  readonly describe?: (world: World, move: Move) => string;
  /** Whether the system may stay as it is for ever when no `system` or `timer` move is possible. */
  readonly mayRest?: (world: World) => boolean;
}

export interface Topology {
  /** Who is there at first. Ids are 1, 2, 3 … in a sort, and 0 for the only one of its kind. */
  readonly members: readonly { readonly kind: string; readonly id?: number; readonly input?: unknown }[];
  /** Sorts of ids. Without any, each kind has as many ids as it has members. */
  readonly sorts?: Readonly<Record<string, Sort>>;
  /** The sort of each kind of machine that has one. */
  readonly kinds?: Readonly<Record<string, string>>;
  /**
   * Records of the environment: for each name the sort of its ids, or `null` for a single record, or
   * `{ like }` a kind of machine, for one beside each of its members.
   */
  readonly records?: Readonly<Record<string, string | null | { readonly like: string }>>;
  /**
   * How mail travels. `channels` (the default): from each sender to each recipient first in, first out, and
   * otherwise in any order, as between processes. `together`: at once, as in one process.
   */
  readonly mail?: 'channels' | 'together';
  /**
   * When timers fire. `any` (the default): whenever they are set, which covers every choice of delays.
   * `last`: only when nothing else has to happen, as if all delays were long. `own`: the environment says.
   */
  readonly timers?: 'any' | 'last' | 'own';
}

export interface ModelDefinition<Scope extends object> {
  readonly name: string;
  readonly machines: Readonly<Record<string, AnyStateMachine>>;
  /** How large the system is and what may happen to it, unless `check` is told otherwise. */
  readonly scope: Scope;
  readonly topology: (scope: Scope) => Topology;
  readonly environment?: (scope: Scope) => Environment;
  readonly properties?: (scope: Scope) => readonly Property[];
  /**
   * Whether an event that a state neither handles nor lists in `meta.ignores` is a violation (the default).
   * XState drops such events silently, which is how deadlocks are born.
   */
  readonly droppedEvents?: 'violation' | 'allowed';
}

export interface Model<Scope extends object = object> extends ModelDefinition<Scope> {
  readonly isModel: true;
}

/** A model at one scope. */
export interface BoundModel {
  readonly name: string;
  readonly machines: Readonly<Record<string, AnyStateMachine>>;
  readonly scope: object;
  readonly topology: Topology;
  readonly environment: Environment;
  readonly properties: readonly Property[];
  readonly droppedEvents: 'violation' | 'allowed';
}

export function bind<Scope extends object>(definition: ModelDefinition<Scope>, scope: Scope): BoundModel {
  return {
    name: definition.name,
    machines: definition.machines,
    scope,
    topology: definition.topology(scope),
    environment: definition.environment?.(scope) ?? {},
    properties: definition.properties?.(scope) ?? [],
    droppedEvents: definition.droppedEvents ?? 'violation',
  };
}

/**
 * Describes a system of machines that talk by mail, to be explored with `check`.
 *
 * @example
 *   const lamps = model({
 *     name: 'two lamps',
 *     machines: { lamp: lampMachine },
 *     scope: {},
 *     topology: () => ({ members: [{ kind: 'lamp', id: 1 }, { kind: 'lamp', id: 2 }] }),
 *   });
 */
export function model<Scope extends object>(definition: ModelDefinition<Scope>): Model<Scope> {
  return { ...definition, isModel: true };
}

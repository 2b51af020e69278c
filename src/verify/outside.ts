/** What comes from outside, in a few words: events, each as often as it says and in any order. */
import { readAddress } from '../runtime/address.ts';
import type { MachineEvent } from '../runtime/compile.ts';
import { labelOf, type Party } from './mail.ts';
import type { Environment, Move } from './model.ts';
import { VerifyError } from './verify-error.ts';
import type { World } from './world.ts';

/** An event that somebody outside the system may send. */
export interface OutsideEvent {
  /** The name of the move, for the report: `order`. */
  readonly name: string;
  /** The machine it is for: `server`, or `client:2`. */
  readonly to: string;
  readonly event: MachineEvent;
  /** How often it may come at most. `Infinity`: again and again. */
  readonly times: number;
  /** `caller` (the default): somebody may do it or not. `fault`: the same, for what goes wrong. */
  readonly kind?: 'caller' | 'fault';
}

export interface EventsOptions {
  /** How many letters on their way between machines may be lost, in all; may be `Infinity`. Default: 0. */
  readonly losesMail?: number;
}

/** How often the events for one member came, by their names. */
interface Sent {
  readonly times: Readonly<Record<string, number>>;
}

interface OutsideMove extends Move {
  readonly to: Party;
  readonly event: MachineEvent;
  /** At most so often. */
  readonly times: number;
}

/**
 * An environment that sends events, each up to `times`, in any order. What it sent is kept in one record
 * beside each machine it sends to. Where ids are symmetric, list the same events for each of them.
 *
 * @example
 *   environment: () => events([{ name: 'order', to: 'client:1', event: { type: 'order' }, times: 2 }])
 */
export function events(list: readonly OutsideEvent[], { losesMail = 0 }: EventsOptions = {}): Environment {
  const moves = list.map((event, index) => moveOf(event, index));
  const kinds = [...new Set(moves.map(({ to }) => to.kind))];
  return {
    records: Object.fromEntries(kinds.map((like) => [recordOf(like), { like }])),
    moveNames: [...new Set(moves.map(({ name }) => name))],
    lettersLost: losesMail,
    moves: (world, possible) => {
      for (const move of moves) {
        if (world.has(move.to.kind, move.to.id) && sentTo(world, move) < move.times) possible.push(move);
      }
    },
    apply: (world, move) => {
      if (isOutside(move)) send(world, move);
    },
    describe: (_world, move) => (isOutside(move) ? sentenceOf(move) : move.name),
  };
}

function moveOf({ name, to, event, times, kind = 'caller' }: OutsideEvent, detail: number): OutsideMove {
  const address = readAddress(to);
  if (address === undefined) {
    throw new VerifyError(
      `The event '${name}' is for '${to}', which is no machine: write 'server', or 'client:2' for one of ` +
        'several.',
    );
  }
  const { id } = address;
  return { name, kind, id, detail, to: { kind: address.to, id }, event, times };
}

const isOutside = (move: Move): move is OutsideMove => 'to' in move && 'event' in move;

const recordOf = (kind: string): string => `sent to ${kind}`;

function timesIn(world: World, { kind, id }: Party): Sent['times'] {
  return world.find<Sent>(recordOf(kind), id)?.times ?? {};
}

function sentTo(world: World, { to, name }: OutsideMove): number {
  return timesIn(world, to)[name] ?? 0;
}

function send(world: World, move: OutsideMove): void {
  const { to, event } = move;
  // What may come without end is not counted, or no moment would ever come again.
  if (move.times < Infinity) countOne(world, move);
  world.message('outside', labelOf(to), event.type);
  world.tell(to.kind, to.id, event);
}

function countOne(world: World, move: OutsideMove): void {
  const { to, name } = move;
  const times = { ...timesIn(world, to), [name]: sentTo(world, move) + 1 };
  // In a fixed order, so that the same counts are the same record.
  const inOrder = Object.entries(times).toSorted(([one], [other]) => (one < other ? -1 : 1));
  world.put(recordOf(to.kind), to.id, { times: Object.fromEntries(inOrder) } satisfies Sent);
}

function sentenceOf({ name, to, event }: OutsideMove): string {
  const told = `${labelOf(to)} gets ${event.type} from outside`;
  return name === event.type ? told : `${name}: ${told}`;
}

/**
 * One environment out of two. Both are asked for moves, and each makes its own; a command is given to both; a
 * system may rest if neither objects.
 */
export function combine(one: Environment, other: Environment): Environment {
  const owners = new WeakMap<Move, Environment>();
  const gather = (from: Environment, world: World, moves: Move[]): void => {
    const own: Move[] = [];
    from.moves?.(world, own);
    for (const move of own) owners.set(move, from);
    moves.push(...own);
  };
  return {
    records: recordsOf(one, other),
    moveNames: moveNamesOf(one, other),
    lettersLost: (one.lettersLost ?? 0) + (other.lettersLost ?? 0),
    setup: (world) => {
      one.setup?.(world);
      other.setup?.(world);
    },
    perform: (world, kind, id, command) => {
      one.perform?.(world, kind, id, command);
      other.perform?.(world, kind, id, command);
    },
    onIdle: (world, stepped) =>
      one.onIdle?.(world, stepped) === true || other.onIdle?.(world, stepped) === true,
    onLate: (world, kind, id, event) => {
      one.onLate?.(world, kind, id, event);
      other.onLate?.(world, kind, id, event);
    },
    moves: (world, moves) => {
      gather(one, world, moves);
      gather(other, world, moves);
    },
    apply: (world, move) => owners.get(move)?.apply?.(world, move),
    describe: (world, move) =>
      owners.get(move)?.describe?.(world, move) ?? labelOf({ kind: move.name, id: move.id }),
    ...mayRestOf(one, other),
  };
}

function recordsOf(one: Environment, other: Environment): NonNullable<Environment['records']> {
  for (const name of Object.keys(one.records ?? {})) {
    if (name in (other.records ?? {})) {
      throw new VerifyError(
        `Both environments keep a record '${name}'. Give one of them another name; of \`events\` one ` +
          'list is enough.',
      );
    }
  }
  return { ...one.records, ...other.records };
}

function moveNamesOf(one: Environment, other: Environment): string[] {
  const [first = [], second = []] = [one.moveNames, other.moveNames];
  const shared = first.find((name) => second.includes(name));
  if (shared === undefined) return [...first, ...second];
  throw new VerifyError(`Both environments have a move '${shared}'. Give one of them another name.`);
}

/** Where neither has an opinion, the states of the machines decide. */
function mayRestOf(one: Environment, other: Environment): Pick<Environment, 'mayRest'> {
  if (one.mayRest === undefined && other.mayRest === undefined) return {};
  return { mayRest: (world) => one.mayRest?.(world) !== false && other.mayRest?.(world) !== false };
}

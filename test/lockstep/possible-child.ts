/**
 * All that one child process may be like, going by what its parent has seen of it. What a child does is
 * hidden until it is seen, so many states are possible at once; when none is left, reality has made a move
 * that the model's environment does not know.
 *
 * A child here does everything as late as it can: what it is told only adds up meanwhile, so whatever it
 * could have done before it can still do. For the same reason it lives on after its exit was seen, until what
 * it wrote before has been read.
 */
import { machines } from '../../machines/index.ts';
import { bind, model, type Move } from '../../src/verify/model.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import { performChild } from '../../src/verify/pool/child-commands.ts';
import { noteFate, noteProcess, processOf } from '../../src/verify/pool/outside.ts';
import { applyProcessMove } from '../../src/verify/pool/process-acts.ts';
import { processMoves } from '../../src/verify/pool/process-moves.ts';
import { newFate, newOutside, overFate, type Process } from '../../src/verify/pool/records.ts';
import { type Faults, smallScope } from '../../src/verify/pool/scope.ts';
import { performWorker } from '../../src/verify/pool/worker-commands.ts';
import type { World } from '../../src/verify/world.ts';

/** Something the parent sees of a child. */
export interface Fact {
  readonly type: string;
  readonly taskId?: number;
}

/** What the child tells the worker, and the worker has not been seen to take. */
interface Told {
  readonly facts: readonly Fact[];
  /** Tasks that were handed over since the worker heard something from outside. */
  readonly fresh: readonly number[];
}

const nothingTold: Told = { facts: [], fresh: [] };

/** Tasks a worker may have to do with at a time. */
const tasksMax = 256;
/** The only worker of its world. */
const workerId = 1;

/** What may go wrong here: as often as it likes. Deaths need no cause. */
const faults: Partial<Faults> = {
  spawnFails: 1_000_000,
  initializeFails: 1_000_000,
  taskThrows: 1_000_000,
};

/** What a child does unseen. */
const hidden: ReadonlySet<string> = new Set([
  'deliver',
  'tell that it could not be spawned',
  'boot',
  'initialize',
  'fail to initialize',
  'read',
  'flush an announcement',
  'look at the channel',
  'return',
  'throw',
  'throw by mistake',
]);

const childModel = model<{ readonly concurrency: number }>({
  name: 'one child',
  machines: { child: machines.child },
  scope: { concurrency: 1 },
  topology: () => ({
    members: [],
    sorts: {
      worker: { count: workerId, isSymmetric: false, fields: [] },
      task: { count: tasksMax, isSymmetric: false, fields: [] },
    },
    kinds: { child: 'worker' },
    records: {
      settings: null,
      outside: null,
      calls: null,
      faults: null,
      desk: null,
      told: null,
      process: 'worker',
      server: 'worker',
      fate: 'task',
    },
    mail: 'together',
    timers: 'own',
  }),
  environment: ({ concurrency }) => ({
    setup(world) {
      world.put('settings', 0, { concurrency });
      world.put('outside', 0, newOutside);
      world.put('calls', 0, {});
      world.put('faults', 0, faults);
      world.put('told', 0, nothingTold);
    },
    perform: (world, _kind, id, { type, params }) => performChild(world, id, type, params),
    onLate(world, kind, _id, event) {
      if (kind !== 'worker') return;
      const { facts, fresh } = world.get<Told>('told');
      world.put('told', 0, { facts: [...facts, plainFact(event)], fresh } satisfies Told);
    },
    moves: (world, moves) => void moves.push(...processMoves(world, workerId)),
    apply: (world, move) => void applyProcessMove(world, move),
  }),
});

const plainFact = ({ type, taskId }: Fact): Fact => (taskId === undefined ? { type } : { type, taskId });

/** The world of all children of one pool. */
export class ChildWorld {
  readonly #system: ModelSystem;
  readonly #start: Int32Array;
  readonly #scope: typeof smallScope;

  constructor(concurrency: number) {
    this.#system = new ModelSystem(bind(childModel, { concurrency }), false);
    this.#system.start();
    this.#start = this.#system.world.row.slice();
    this.#scope = { ...smallScope, concurrency, retries: Infinity };
  }

  get start(): Int32Array {
    return this.#start;
  }

  /** What a command of the worker can lead to; nothing, if it must not come. */
  command(row: Int32Array, type: string, params: unknown): Int32Array[] {
    return this.#each(row, (world) => {
      // Whether a signal is needed depends on timers, which really pass here; deaths need no signal.
      if (type !== 'signalChild') performWorker(world, this.#scope, workerId, type, params);
      else if (processOf(world, workerId).exitTold) world.violate('it signals what is gone');
      if (type !== 'writeRun') return;
      const { facts, fresh } = world.get<Told>('told');
      const { taskId } = params as { taskId: number };
      world.put('told', 0, { facts, fresh: [...fresh, taskId] } satisfies Told);
    });
  }

  /** Changes what is known of a task. */
  noteTask(row: Int32Array, taskId: number, what: 'new' | 'settled' | 'over'): Int32Array[] {
    return this.#each(row, (world) => {
      if (what === 'new') {
        if (!world.has('fate', taskId)) world.put('fate', taskId, newFate);
      } else if (what === 'over') world.put('fate', taskId, overFate);
      else noteFate(world, taskId, { phase: 'settled', truth: 'none' });
    });
  }

  forgetTask(row: Int32Array, taskId: number): Int32Array[] {
    return this.#each(row, (world) => world.drop('fate', taskId));
  }

  /** What there can be after a fact was seen; nothing, if it cannot have been. */
  see(row: Int32Array, fact: Fact): Int32Array[] {
    const { world } = this.#system;
    world.load(row);
    const [told] = world.get<Told>('told').facts;
    if (told !== undefined) return isSame(told, fact) ? this.#each(row, takeTold) : [];
    const ending = endings[fact.type];
    if (ending !== undefined)
      return this.#each(row, (here) => {
        const change = here.has('process', workerId) ? ending(processOf(here, workerId)) : null;
        if (change === null) here.violate(`${fact.type} cannot be`);
        else noteProcess(here, workerId, change);
        here.put('told', 0, nothingTold);
      });
    return [...this.#search(row, fact), ...this.#unsent(row, fact)];
  }

  /** What could not be sent ends as if it had started and thrown, in the turn it was to be written. */
  #unsent(row: Int32Array, { type, taskId = 0 }: Fact): Int32Array[] {
    if (type !== 'task.started') return [];
    return this.#each(row, (world) => {
      const { down } = processOf(world, workerId);
      const { fresh } = world.get<Told>('told');
      const isUnsent = (each: (typeof down)[number]): boolean =>
        each.type === 'run' && each.taskId === taskId;
      if (!fresh.includes(taskId) || !down.some(isUnsent)) world.violate('it was sent');
      noteProcess(world, workerId, { down: down.filter((each) => !isUnsent(each)) });
      world.put('told', 0, { facts: [{ type: 'task.threw', taskId }], fresh } satisfies Told);
    });
  }

  /** Every way in which the child may come to say it, and nothing else before. */
  #search(row: Int32Array, fact: Fact): Int32Array[] {
    const { world } = this.#system;
    const seen = new Set<string>([row.join(' ')]);
    const found: Int32Array[] = [];
    const waiting = [row];
    for (const here of waiting) {
      world.load(here);
      for (const move of this.#hiddenMoves()) {
        for (const next of this.#make(here, move)) {
          world.load(next);
          const [told, ...others] = world.get<Told>('told').facts;
          if (told === undefined) addNew(next, seen, waiting);
          else if (others.length === 0 && isSame(told, fact)) found.push(...this.#each(next, hearTold));
        }
      }
    }
    return found;
  }

  /** What is written is read before anything else happens: a child is as late as it can be. */
  #hiddenMoves(): Move[] {
    const moves = this.#system.moves().filter(({ name }) => hidden.has(name));
    const read = moves.filter(({ name }) => name === 'deliver');
    return read.length > 0 ? read : moves;
  }

  #make(row: Int32Array, move: Move): Int32Array[] {
    const { world } = this.#system;
    const made: Int32Array[] = [];
    for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
      world.load(row, script);
      this.#system.apply(move, script);
      if (world.violations.length === 0) made.push(this.#withFaults());
    }
    return made;
  }

  #each(row: Int32Array, change: (world: World) => void): Int32Array[] {
    const { world } = this.#system;
    const made: Int32Array[] = [];
    for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
      world.load(row, script);
      change(world);
      world.run();
      if (world.violations.length === 0) made.push(this.#withFaults());
    }
    return made;
  }

  /** They are never used up. */
  #withFaults(): Int32Array {
    const { world } = this.#system;
    world.put('faults', 0, faults);
    world.seal();
    return world.row.slice();
  }
}

/** Facts that a child does not tell itself, and what they change; `null`: it cannot be. */
const endings: Readonly<Record<string, (process: Process) => Partial<Process> | null>> = {
  'child.exited': ({ life, exitTold }) => (life === 'up' && !exitTold ? { exitTold: true } : null),
  'channel.closed': ({ life, closeTold }) => (life === 'up' && !closeTold ? { closeTold: true } : null),
  'channel.emptied': ({ exitTold, isReadOut }) => (exitTold && isReadOut ? {} : null),
  'child.froze': ({ life, exitTold }) => (life === 'up' && !exitTold ? { isFrozen: false } : null),
  // Nothing in these processes writes to a channel but troupe.
  'channel.corrupted': () => null,
};

function takeTold(world: World): void {
  const { facts, fresh } = world.get<Told>('told');
  world.put('told', 0, { facts: facts.slice(1), fresh } satisfies Told);
}

/** The worker hears it from outside, in a turn of its own. */
const hearTold = (world: World): void => world.put('told', 0, nothingTold);

const isSame = (one: Fact, other: Fact): boolean => one.type === other.type && one.taskId === other.taskId;

function addNew(row: Int32Array, seen: Set<string>, rows: Int32Array[]): void {
  const key = row.join(' ');
  if (seen.has(key)) return;
  seen.add(key);
  rows.push(row);
}

/** Each row once. */
export function distinct(rows: readonly Int32Array[]): Int32Array[] {
  const seen = new Set<string>();
  const kept: Int32Array[] = [];
  for (const row of rows) addNew(row, seen, kept);
  return kept;
}

/**
 * The real dispatcher beside the one of the model, under any sequence of moves: whatever the real one does is
 * one of the things that the model's may do. Without keys and priorities, which are not in the model.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { Dispatcher, windowMax } from '../../machines/dispatcher.ts';
import { machines } from '../../machines/index.ts';
import { bind, model } from '../../src/verify/model.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import {
  chooseToRetire,
  dequeue,
  enqueue,
  free,
  handOver,
  isSated,
  offer,
  park,
  resume,
  withdraw,
} from '../../src/verify/pool/dispatching.ts';
import { newFate, newOutside, type Desk, type Server } from '../../src/verify/pool/records.ts';
import { smallScope } from '../../src/verify/pool/scope.ts';
import { type Move, moves, movesMax, workersMax } from '../helpers/dispatcher-moves.ts';
import { waitingTask } from '../helpers/dispatching.ts';

/** As the real one has it. */
const parkedMax = 8;

/** The desk and the servers of the model, without a pool around them. */
function modelWorld(): ModelSystem['world'] {
  const desk = model({
    name: 'desk',
    machines: { worker: machines.worker, task: machines.task },
    scope: {},
    topology: () => ({
      members: [],
      sorts: {
        worker: { count: workersMax, isSymmetric: false, fields: [] },
        task: { count: movesMax, isSymmetric: false, fields: [] },
      },
      kinds: { worker: 'worker', task: 'task' },
      records: { desk: null, outside: null, server: 'worker', fate: 'task' },
      mail: 'together',
    }),
  });
  const { world } = new ModelSystem(bind(desk, {}), false);
  world.put('desk', 0, { queue: [], lookAgain: false, seenDemand: 0 } satisfies Desk);
  world.put('outside', 0, newOutside);
  world.seal();
  return world;
}

/** Both dispatchers, which hear the same. */
class Pair {
  readonly #real: Dispatcher;
  readonly #world = modelWorld();
  readonly #scope: typeof smallScope;
  readonly #kinds = new Map<number, number>();
  readonly #levels = new Map<number, number>();

  constructor(concurrency: number) {
    this.#real = new Dispatcher(concurrency);
    this.#scope = { ...smallScope, concurrency, window: windowMax, parkedMax };
  }

  apply(move: Move): void {
    switch (move.kind) {
      case 'submit': {
        const taskId = this.#kinds.size + 1;
        this.#kinds.set(taskId, move.taskKind);
        this.#levels.set(taskId, move.level);
        this.#inModel((world) => world.put('fate', taskId, { ...newFate, level: move.level }));
        return this.#enqueue(taskId, false);
      }
      case 'cancel': {
        const taskId = pickOf(this.#queue, move.pick);
        if (taskId === undefined) return;
        this.#real.dequeue(taskId);
        return this.#inModel((world) => dequeue(world, taskId));
      }
      case 'offer': {
        if (this.#workers.length === workersMax) return;
        const workerId = this.#world.freeId('server');
        this.#real.offer(workerId, move.left ?? Infinity);
        return this.#inModel((world) => offer(world, workerId, move.left));
      }
      case 'withdraw':
        return this.#withdraw(move.pick);
      case 'park':
      case 'resume':
        return this.#change(move.kind, move.pick);
      case 'free':
        return this.#free(move);
      case 'retire':
        return this.#expectRetirement(move.count);
      case 'learn':
        return this.#real.noteDuration(move.taskKind, move.micros);
    }
  }

  /** Hands over what the real one does; at each step the model's must be able to do the same. */
  settle(): void {
    for (;;) {
      const match = this.#real.next();
      const before = this.#world.row.slice();
      const seen: string[] = [];
      const after = this.#answers(before, (world) => handOver(world, this.#scope)).find(({ row, answer }) => {
        this.#world.load(row);
        const got = answer ? this.#whoHas(before) : 'nobody';
        seen.push(got);
        return got === (match === undefined ? 'nobody' : `worker ${match.workerId} gets ${match.taskId}`);
      });
      assert.ok(after, `the real one: ${JSON.stringify(match)}, the model: ${seen.join(', ')}`);
      this.#world.load(after.row);
      if (match === undefined) break;
    }
    this.#letSpentGo();
    this.#expectAgreement();
  }

  /** Who has had its last task takes part no more: its machine sees to that in the same turn. */
  #letSpentGo(): void {
    for (const workerId of this.#workers) {
      if (this.#world.get<Server>('server', workerId).left !== 0) continue;
      this.#real.withdraw(workerId);
      this.#inModel((world) => withdraw(world, workerId));
    }
  }

  #expectAgreement(): void {
    const { concurrency } = this.#scope;
    const counts = this.#workers.map((workerId) => this.#heldBy(workerId).length);
    assert.equal(this.#real.waiting, this.#queue.length);
    assert.equal(this.#real.demand, this.#queue.length);
    const idle = this.#workers.filter((workerId) => this.#allOf(workerId).length === 0);
    assert.equal(this.#real.idle, idle.length);
    const isUneven =
      counts.some((count) => count > concurrency) &&
      this.#workers.some(
        (workerId) =>
          this.#heldBy(workerId).length < concurrency && !isSated(this.#world, this.#scope, workerId),
      );
    assert.equal(this.#real.isUneven, isUneven);
  }

  #expectRetirement(count: number): void {
    const before = this.#world.row.slice();
    const choices = this.#answers(before, (world) => chooseToRetire(world, count));
    this.#world.load(before);
    const real = this.#real.leastBusy(count).join(', ');
    assert.ok(
      choices.some(({ answer }) => answer.join(', ') === real),
      `nobody would let go of ${real}`,
    );
  }

  #withdraw(pick: number): void {
    const workerId = pickOf(this.#workers, pick);
    if (workerId === undefined) return;
    const lost = this.#allOf(workerId);
    this.#real.withdraw(workerId);
    this.#inModel((world) => withdraw(world, workerId));
    for (const taskId of lost.toReversed()) this.#enqueue(taskId, true);
  }

  #free({ pick, again }: Extract<Move, { kind: 'free' }>): void {
    const workerId = pickOf(
      this.#workers.filter((each) => this.#allOf(each).length > 0),
      pick,
    );
    const taskId = workerId === undefined ? undefined : pickOf(this.#allOf(workerId), pick);
    if (workerId === undefined || taskId === undefined) return;
    this.#real.free(workerId, taskId);
    this.#inModel((world) => free(world, workerId, taskId));
    if (again !== 'no') this.#enqueue(taskId, again === 'front');
  }

  /** A task of some worker waits for others, or goes on. */
  #change(kind: 'park' | 'resume', pick: number): void {
    const tasksOf = (workerId: number): readonly number[] =>
      this.#world.get<Server>('server', workerId)[kind === 'park' ? 'held' : 'parked'];
    const workerId = pickOf(
      this.#workers.filter((each) => tasksOf(each).length > 0),
      pick,
    );
    const taskId = workerId === undefined ? undefined : pickOf(tasksOf(workerId), pick);
    if (workerId === undefined || taskId === undefined) return;
    this.#real[kind](workerId, taskId);
    this.#inModel((world) => (kind === 'park' ? park : resume)(world, workerId, taskId));
  }

  #enqueue(taskId: number, isFront: boolean): void {
    const task = {
      ...waitingTask(taskId, 0, null, this.#kinds.get(taskId)),
      level: this.#levels.get(taskId) ?? 0,
    };
    this.#real.enqueue(task, isFront);
    this.#inModel((world) => enqueue(world, taskId, isFront));
  }

  /** Every moment that an act can lead to, with what it answers. */
  #answers<Answer>(
    before: Int32Array,
    act: (world: ModelSystem['world']) => Answer,
  ): { readonly row: Int32Array; readonly answer: Answer }[] {
    const world = this.#world;
    const answers: { readonly row: Int32Array; readonly answer: Answer }[] = [];
    world.load(before);
    for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
      world.load(before, script);
      const answer = act(world);
      world.seal();
      answers.push({ row: world.row.slice(), answer });
    }
    return answers;
  }

  #inModel(act: (world: ModelSystem['world']) => void): void {
    this.#world.load(this.#world.row.slice());
    act(this.#world);
    this.#world.seal();
    assert.deepEqual(this.#world.violations, []);
  }

  /** Who has the task that was the first of the queue. */
  #whoHas(before: Int32Array): string {
    const now = this.#world.row.slice();
    this.#world.load(before);
    const [taskId = 0] = this.#queue;
    this.#world.load(now);
    const workerId = this.#workers.find((each) => this.#heldBy(each).includes(taskId));
    return `worker ${workerId} gets ${taskId}`;
  }

  get #queue(): readonly number[] {
    return this.#world.get<Desk>('desk').queue;
  }

  get #workers(): number[] {
    return this.#world.ids('server');
  }

  /** With those that wait in it for others. */
  #allOf(workerId: number): readonly number[] {
    const { held, parked } = this.#world.get<Server>('server', workerId);
    return [...held, ...parked];
  }

  #heldBy(workerId: number): readonly number[] {
    return this.#world.get<Server>('server', workerId).held;
  }
}

const pickOf = (list: readonly number[], pick: number): number | undefined =>
  list.length === 0 ? undefined : list[pick % list.length];

describe('the real dispatcher does what the model allows', () => {
  // A failure names its seed, and the shortest moves that lead to it.
  test.each([1, 2, 3])('%i tasks at a time', (concurrency) => {
    fc.assert(
      fc.property(moves, (script) => {
        const pair = new Pair(concurrency);
        for (const move of script) {
          pair.apply(move);
          pair.settle();
        }
      }),
      { numRuns: 150 },
    );
  });
});

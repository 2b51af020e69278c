/** Makes up a workload from random numbers: a list of operations, as plain data. */
import type { BurstEvent, Call, CallOptions, FunctionName, Operation } from './call.ts';
import type { Random } from './random.ts';

export type FunctionWeights = Readonly<Partial<Record<FunctionName, number>>>;
export type OperationWeights = Readonly<Partial<Record<Operation['kind'], number>>>;

/** How a plan is made up; what is not given is the default. */
export interface PlanOptions {
  /** How often each function is called; 0 or nothing is never. Default `usualWeights`. */
  readonly weights?: FunctionWeights;
  /** How often each thing is done before the pool is closed. Default `usualOperations`. */
  readonly operations?: OperationWeights;
  /** The largest argument or result. Default 64 KiB; now and then it is reached. */
  readonly bytesMax?: number;
  /** How long `blocks` computes, in milliseconds. Default 10. */
  readonly blockMs?: readonly number[];
  /** `resize` and `warm` stay within it. Default 4. */
  readonly maxWorkers?: number;
}

/** Mostly tasks that end well, some of everything else. */
export const usualWeights: FunctionWeights = {
  echoes: 30,
  adds: 30,
  throws: 6,
  throwsUntil: 6,
  fills: 6,
  sums: 6,
  waits: 14,
  waitsForAbort: 4,
  ignoresAbort: 0.5,
  spins: 6,
  reports: 4,
  exits: 1.5,
  diesOfKill: 1.5,
  diesOfTerm: 0.5,
  leaksRejection: 0.5,
  blocks: 0,
  nests: 3,
  stopsItself: 0,
  returnsUnsendable: 2,
  takesUnsendable: 2,
  isNotThere: 1,
};

/** Mostly calls, now and then something that is done to the pool. */
export const usualOperations: OperationWeights = {
  submit: 70,
  cancel: 8,
  abort: 5,
  map: 2,
  stream: 2,
  resize: 3,
  burst: 4,
  ready: 6,
  warm: 2,
  release: 0,
  regret: 1,
};

const burstEvents: readonly BurstEvent[] = [
  'taskStarted',
  'taskSettled',
  'taskRetried',
  'workerReady',
  'workerExited',
];

/** `size` operations, then the pool is closed in one of several ways, and something may come too late. */
export function planWorkload(random: Random, size: number, options: PlanOptions = {}): Operation[] {
  return new Planner(random, options).plan(size);
}

class Planner {
  readonly #random: Random;
  readonly #weights: FunctionWeights;
  readonly #operations: OperationWeights;
  readonly #bytesMax: number;
  readonly #maxWorkers: number;
  readonly #blockMs: readonly number[];
  #lastToken = 0;

  constructor(random: Random, options: PlanOptions) {
    const { weights = usualWeights, operations = usualOperations } = options;
    const { bytesMax = 65_536, maxWorkers = 4, blockMs = [10] } = options;
    this.#random = random;
    this.#weights = weights;
    this.#operations = operations;
    this.#bytesMax = bytesMax;
    this.#maxWorkers = maxWorkers;
    this.#blockMs = blockMs;
  }

  plan(size: number): Operation[] {
    const operations = Array.from({ length: size }, () => this.#operation());
    const random = this.#random;
    if (random.chance(0.08)) operations.push({ kind: 'terminate' });
    else operations.push(this.#close());
    if (random.chance(0.3)) operations.push({ kind: 'submit', call: this.#call() });
    if (random.chance(0.3)) operations.push(random.chance(0.3) ? { kind: 'terminate' } : this.#close());
    return operations;
  }

  #operation(): Operation {
    const random = this.#random;
    const kind = random.pickWeighted(this.#operations);
    switch (kind) {
      case 'cancel':
      case 'abort':
        return { kind, token: this.#earlier() };
      case 'regret':
        return { kind, count: random.between(1, 5) };
      case 'map':
        return this.#map();
      case 'stream':
        return this.#stream();
      case 'resize': {
        const maxWorkers = random.between(1, this.#maxWorkers);
        return { kind, maxWorkers, minWorkers: random.int(maxWorkers + 1) };
      }
      case 'burst': {
        const after = random.chance(0.5) ? this.#earlier() : random.pick(burstEvents);
        return { kind, after, calls: Array.from({ length: random.between(1, 20) }, () => this.#call()) };
      }
      case 'ready':
        return { kind, call: this.#call() };
      case 'warm':
        return { kind, count: random.chance(0.3) ? null : random.between(1, this.#maxWorkers) };
      case 'release':
        return { kind };
      default:
        return { kind: 'submit', call: this.#call() };
    }
  }

  #map(): Operation {
    const random = this.#random;
    const count = random.between(0, 60);
    return {
      kind: 'map',
      token: this.#token(),
      count,
      chunkSize: random.chance(0.5) ? 'auto' : random.between(1, 8),
      ordered: random.chance(0.5),
      failsAt: random.chance(0.2) ? random.int(count + 1) : null,
      breaksAfter: random.chance(0.3) ? random.int(count + 1) : null,
      options: this.#options('doubles'),
    };
  }

  #stream(): Operation {
    const random = this.#random;
    const count = random.between(0, 60);
    return {
      kind: 'stream',
      fn: random.pick(['counts', 'countsSlowly']),
      token: this.#token(),
      count,
      breaksAfter: random.chance(0.4) ? random.int(count + 1) : null,
      options: this.#options('counts'),
    };
  }

  #close(): Operation {
    const random = this.#random;
    const timeoutMs = random.chance(0.2) ? random.int(500) : null;
    return { kind: 'close', drain: random.chance(0.85), timeoutMs };
  }

  #call(): Call {
    const fn = this.#random.pickWeighted(this.#weights);
    return { fn, token: this.#token(), size: this.#size(fn), options: this.#options(fn) };
  }

  #size(fn: FunctionName): number {
    const random = this.#random;
    switch (fn) {
      case 'fills':
      case 'sums':
        return random.chance(0.1) ? this.#bytesMax : random.int(2_000);
      case 'waits':
        return random.int(40);
      case 'spins':
        return random.int(6);
      case 'blocks':
        return random.pick(this.#blockMs);
      case 'nests':
        return random.pick([0, 1, 1, 2, 2, 3]);
      case 'throwsUntil':
      case 'reports':
      case 'exits':
        return random.between(1, 4);
      default:
        return random.int(1_000);
    }
  }

  #options(fn: FunctionName | 'doubles' | 'counts'): CallOptions {
    const random = this.#random;
    const isEndless = fn === 'waitsForAbort' || fn === 'ignoresAbort';
    const retries = fn === 'throwsUntil' ? 0.8 : 0.2;
    return {
      ...(isEndless || random.chance(0.06) ? { timeoutMs: random.between(1, 80) } : {}),
      ...(random.chance(0.06) ? { queueTimeoutMs: random.int(200) } : {}),
      ...(random.chance(retries) ? { retries: this.#retries() } : {}),
      ...(random.chance(0.1) ? { priority: random.between(-2, 2) } : {}),
      ...(random.chance(0.1) ? { key: `key ${random.int(3)}` } : {}),
      ...(random.chance(0.25) ? { signal: random.chance(0.1) ? 'aborted' : 'fresh' } : {}),
    };
  }

  #retries(): NonNullable<CallOptions['retries']> {
    const random = this.#random;
    return {
      times: random.between(1, 3),
      ...(random.chance(0.4) ? { on: random.chance(0.7) ? 'crash' : 'error' } : {}),
      ...(random.chance(0.2) ? { backoffMs: random.int(30) } : {}),
    };
  }

  /** A call that was made up before, the late ones more often: they may not have settled. */
  #earlier(): number {
    const random = this.#random;
    const back = random.int(1 + random.int(30));
    return Math.max(1, this.#lastToken - back);
  }

  #token(): number {
    this.#lastToken += 1;
    return this.#lastToken;
  }
}

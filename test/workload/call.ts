/** The words of a workload: which function is called with what, and what its caller asks for. Plain data. */

/** Functions that are submitted. What `size` means is up to each: milliseconds, bytes, attempts, a code. */
export type FunctionName =
  | 'echoes'
  | 'adds'
  | 'throws'
  | 'throwsUntil'
  | 'fills'
  | 'sums'
  | 'waits'
  | 'waitsForAbort'
  | 'ignoresAbort'
  | 'spins'
  | 'reports'
  | 'exits'
  | 'diesOfKill'
  | 'diesOfTerm'
  | 'stopsItself'
  | 'leaksRejection'
  /** Computes for so long that its worker may count as silent. */
  | 'blocks'
  /** Submits to its own pool and waits, so many levels deep. */
  | 'nests'
  | 'returnsUnsendable'
  /** Called with an argument that cannot be sent. */
  | 'takesUnsendable'
  /** The module has no such export. */
  | 'isNotThere';

export type GeneratorName = 'counts' | 'countsSlowly';

/** What the caller asks for; nothing is left to the pool's defaults but what is not here. */
export interface CallOptions {
  readonly timeoutMs?: number;
  readonly queueTimeoutMs?: number;
  readonly retries?: { readonly times: number; readonly on?: 'crash' | 'error'; readonly backoffMs?: number };
  readonly priority?: number;
  readonly key?: string;
  /** It has a signal, which aborts before the call or by an `abort` operation. */
  readonly signal?: 'fresh' | 'aborted';
}

export interface Call {
  readonly fn: FunctionName;
  /** No other call of the plan has it. Operations name the call by it. */
  readonly token: number;
  readonly size: number;
  readonly options: CallOptions;
}

/** Any of a plan may be left out: what names a call that is not there does nothing. */
export type Operation =
  | { readonly kind: 'submit'; readonly call: Call }
  | { readonly kind: 'cancel'; readonly token: number }
  | { readonly kind: 'abort'; readonly token: number }
  /** Of the calls that are tried again from now on so many are cancelled, each a moment later. */
  | { readonly kind: 'regret'; readonly count: number }
  | {
      readonly kind: 'map';
      readonly token: number;
      readonly count: number;
      readonly chunkSize: number | 'auto';
      readonly ordered: boolean;
      /** The index of an item that throws. */
      readonly failsAt: number | null;
      /** The loop is left after so many results. */
      readonly breaksAfter: number | null;
      readonly options: CallOptions;
    }
  | {
      readonly kind: 'stream';
      readonly fn: GeneratorName;
      readonly token: number;
      readonly count: number;
      readonly breaksAfter: number | null;
      readonly options: CallOptions;
    }
  /** Waits for so many workers; `null`: for as many as there may be. */
  | { readonly kind: 'warm'; readonly count: number | null }
  /** What happens to a pool when others are given another one. */
  | { readonly kind: 'release' }
  | { readonly kind: 'resize'; readonly minWorkers: number; readonly maxWorkers: number }
  /** Submitted all at once, from a callback of an earlier call's promise or of an event of the pool. */
  | { readonly kind: 'burst'; readonly after: number | BurstEvent; readonly calls: readonly Call[] }
  /** Waits for room, and tries again as long as somebody else was faster. */
  | { readonly kind: 'ready'; readonly call: Call }
  | {
      readonly kind: 'close';
      readonly drain: boolean;
      readonly timeoutMs: number | null;
    }
  | { readonly kind: 'terminate' };

/** Events of the pool from whose listener tasks may be submitted. */
export type BurstEvent = 'taskStarted' | 'taskSettled' | 'taskRetried' | 'workerReady' | 'workerExited';

/** The functions a plan calls, with those in bursts. */
export function callsOf(plan: readonly Operation[]): Call[] {
  return plan.flatMap((operation) => {
    if (operation.kind === 'submit' || operation.kind === 'ready') return [operation.call];
    return operation.kind === 'burst' ? operation.calls : [];
  });
}

/** What a gated child is told to do, one thing at a time, and what it answers. */
import { globalUrl } from '../../src/codec/reference/builtin-exports.ts';

/** Where a gated child keeps the functions of its tasks: they end when the path says so. */
export const functionsOfTasks = 'lockstep';
export const initializeReference = { url: globalUrl, name: `${functionsOfTasks}.initialize` };
export const taskReference = { url: globalUrl, name: `${functionsOfTasks}.task` };

export type Order =
  | { readonly do: 'boot' | 'read' | 'look' | 'see the end' | 'exit' | 'hang' }
  | { readonly do: 'break the channel' | 'write garbage' | 'have the channel held' }
  | { readonly do: 'initialize'; readonly fails: boolean }
  | { readonly do: 'end'; readonly taskId: number; readonly outcome: 'returned' | 'threw' }
  | { readonly do: 'flush'; readonly taskId: number }
  /** Lets the kernel have so many of the messages it holds back. */
  | { readonly do: 'release'; readonly count: number }
  | { readonly do: 'babble'; readonly message: readonly unknown[] };

export interface NumberedOrder {
  readonly number: number;
  readonly order: Order;
  /** The kernel takes the announcement of a start late. */
  readonly isFlushSlow: boolean;
}

/** What a child says when an order is done. */
export interface Answer {
  readonly number: number;
  readonly state: string;
  readonly context: unknown;
  /** Messages it has written that the kernel does not have, as texts. */
  readonly held: readonly string[];
  /** How many messages the kernel has taken, ever. */
  readonly sent: number;
  /** The process that holds its channel open. */
  readonly holder: number | null;
  /** Why the order could not be carried out. */
  readonly problem: string | null;
}

/** A message of the protocol as a text without its values: `run 1/2` is the second attempt of task 1. */
export function textOf(header: string): string {
  const { json } = JSON.parse(header) as { json: readonly unknown[] };
  const [kind, taskId, attempt] = json as [string, number?, number?];
  switch (kind) {
    case 'run':
    case 'started':
    case 'returned':
    case 'threw':
    case 'dropped':
      return `${kind} ${taskId}/${attempt}`;
    case 'cancel':
    case 'recall':
      return `${kind} ${taskId}`;
    default:
      return kind;
  }
}

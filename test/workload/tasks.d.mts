/** What a fixture function may do to its own process; a simulation has another one. */
export interface Body {
  exit(code: number): unknown;
  /** Settles when the process goes on after SIGSTOP; for other signals never. */
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'): Promise<void>;
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  spin(ms: number): void;
  /** A rejection that nobody handles. */
  leak(error: Error): void;
  /** Where the functions are, if that is not where their file is. */
  readonly url?: URL;
}

interface Token {
  readonly token: number;
}

export interface Item extends Token {
  readonly index: number;
  readonly fails: boolean;
}

export function bytesOf(token: number, size: number): Uint8Array;
export function checksumOf(bytes: Uint8Array): number;
export function echoes(token: number, value: unknown): Token & { value: unknown };
export function adds(token: number, left: number, right: number): Token & { sum: number };
export function throws(token: number): never;
export function throwsUntil(token: number, attempt: number): Token;
export function fills(token: number, size: number): Token & { bytes: Uint8Array; checksum: number };
export function sums(token: number, bytes: Uint8Array): Token & { checksum: number; size: number };
export function waits(token: number, ms: number): Promise<Token>;
export function waitsForAbort(token: number): Promise<never>;
export function ignoresAbort(token: number): Promise<never>;
export function spins(token: number, ms: number): Token;
export function reports(token: number, count: number): Token;
export function exits(token: number, code: number): unknown;
export function diesOfKill(token: number): Promise<void>;
export function diesOfTerm(token: number): Promise<void>;
export function stopsItself(token: number): Promise<Token>;
export function leaksRejection(token: number): Token;
export function blocks(token: number, ms: number): Token;
export function nodesOf(token: number, depth: number): number;
export function nests(token: number, depth: number): Promise<Token & { nodes: number }>;
export function nestsItem(item: { token: number; depth: number }): Promise<Token & { nodes: number }>;
export function returnsUnsendable(token: number): Token & { unsendable: symbol };
export function doubles(item: Item): Token & { index: number; double: number };
export function counts(token: number, count: number): Generator<Token & { index: number }>;
export function countsSlowly(token: number, count: number): AsyncGenerator<Token & { index: number }>;

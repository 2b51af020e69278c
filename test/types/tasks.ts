/** Functions with every kind of signature, for the type tests. They are never called. */
export interface Row {
  readonly id: number;
  readonly name: string;
}

export function add(a: number, b: number): number {
  return a + b;
}

export function identity<Value>(value: Value): Value {
  return value;
}

export function first<Value>(values: readonly Value[]): Value | undefined {
  return values[0];
}

export async function load(url: string, limit?: number): Promise<Row[]> {
  return Promise.resolve([{ id: limit ?? 0, name: url }]);
}

export function pair(...[id, name]: [id: number, name: string]): Row {
  return { id, name };
}

export function total(...numbers: number[]): number {
  return numbers.reduce(add, 0);
}

export function* range(from: number, to: number): Generator<number, string> {
  for (let at = from; at < to; at += 1) yield at;
  return 'done';
}

export async function* rows(url: string): AsyncGenerator<Row> {
  yield* await load(url);
}

export function nothing(): void {}

export const version = '1.0';

export class Parser {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

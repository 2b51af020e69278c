/** Types of a report, as far as the tests make some. */

export interface Outcome {
  readonly kind: 'measured' | 'hang' | 'failed' | 'skipped';
  readonly values?: Readonly<Record<string, number | null>>;
  readonly note?: string;
}

export interface Entry {
  readonly name: string;
  readonly outcomes: Readonly<Record<string, readonly Outcome[]>>;
}

export interface Metric {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly of?: { readonly floor: string; readonly metric: string; readonly factor: number };
}

export interface Contender {
  readonly name: string;
  readonly kind: 'process' | 'thread' | 'floor';
}

export interface Report {
  readonly contenders: readonly Contender[];
  readonly entries: readonly Entry[];
}

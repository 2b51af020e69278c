/** Values that arrive at their own pace, read as an async iterable. One reader at a time. */

/** Told what the reader does. */
export interface BufferHandlers {
  /** The reader took this many values since the last call. */
  onTaken?(count: number): void;
  /** The reader waits for the next value. */
  onWait?(step: Promise<unknown>): void;
  /** The reader stopped before the end. */
  onAbandoned?(): void;
}

interface Waiter<Value> {
  resolve(step: IteratorResult<Value, undefined>): void;
  reject(error: unknown): void;
}

export class AsyncBuffer<Value> implements AsyncIterableIterator<Value> {
  readonly #handlers: BufferHandlers;
  readonly #limit: number;
  #values: (Value | undefined)[] = [];
  /** Where the oldest value is: taking it away each time would move all the others. */
  #first = 0;
  #waiters: Waiter<Value>[] = [];
  #end: { readonly error: unknown } | 'ended' | null = null;

  /** Beyond the limit the oldest value is dropped. */
  constructor(handlers: BufferHandlers = {}, limit: number = Infinity) {
    this.#handlers = handlers;
    this.#limit = limit;
  }

  push(value: Value): void {
    if (this.#end !== null) return;
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve({ value, done: false });
      this.#handlers.onTaken?.(1);
      return;
    }
    this.#values.push(value);
    if (this.#values.length - this.#first > this.#limit) this.#shift();
  }

  /** What was pushed before is still read. */
  end(): void {
    this.#finish('ended');
  }

  /** As `end`, and then the error, once. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    if (this.#values.length > this.#first) {
      const value = this.#shift();
      this.#handlers.onTaken?.(1);
      return Promise.resolve({ value, done: false });
    }
    const end = this.#end;
    if (end === null) {
      const step = new Promise<IteratorResult<Value, undefined>>((resolve, reject) => {
        this.#waiters.push({ resolve, reject });
      });
      this.#handlers.onWait?.(step);
      return step;
    }
    this.#end = 'ended';
    return end === 'ended' ? Promise.resolve({ value: undefined, done: true }) : rejectWith(end.error);
  }

  return(): Promise<IteratorResult<Value, undefined>> {
    const isEarly = this.#end === null;
    this.#values = [];
    this.#first = 0;
    this.#end = 'ended';
    this.#wakeAll({ value: undefined, done: true });
    if (isEarly) this.#handlers.onAbandoned?.();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #shift(): Value {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- there is one
    const value = this.#values[this.#first] as Value;
    this.#values[this.#first] = undefined;
    this.#first += 1;
    if (this.#first * 2 >= this.#values.length) {
      this.#values = this.#values.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }

  #finish(end: { readonly error: unknown } | 'ended'): void {
    if (this.#end !== null) return;
    this.#end = end;
    const first = this.#waiters.shift();
    if (first === undefined) return;
    this.#end = 'ended';
    if (end === 'ended') first.resolve({ value: undefined, done: true });
    else first.reject(end.error);
    this.#wakeAll({ value: undefined, done: true });
  }

  #wakeAll(step: IteratorResult<Value, undefined>): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.resolve(step);
  }
}

// oxlint-disable-next-line typescript/prefer-promise-reject-errors -- a task may throw anything
const rejectWith = (error: unknown): Promise<never> => Promise.reject(error);

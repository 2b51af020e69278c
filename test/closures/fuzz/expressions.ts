/** Expressions of generated programs: each gives a 32-bit number, and may change what it names. */
import type { Random } from '../../workload/random.ts';
import type { Kind, Name, Scope } from './scope.ts';

/** How much one function may do, so that programs end soon. */
const costMax = 200;

export class Expressions {
  readonly #random: Random;
  #cost = 1;
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A name that nothing else has. */
  newName(stem: string): string {
    this.#count += 1;
    return `${stem}${this.#count}`;
  }

  /** Runs `make` as the body of one function, and gives what a call of it costs. */
  measured<Result>(make: () => Result): [Result, cost: number] {
    const before = this.#cost;
    this.#cost = 1;
    const result = make();
    const cost = this.#cost;
    this.#cost = before;
    return [result, cost];
  }

  number(scope: Scope, depth = 3): string {
    const random = this.#random;
    if (depth <= 0) return this.#leaf(scope);
    const next = (): string => this.number(scope, depth - 1);
    const form = random.pickWeighted({ leaf: 3, sum: 3, choice: 1, arrow: 1, text: 1, use: 6, assign: 2 });
    switch (form) {
      case 'leaf':
        return this.#leaf(scope);
      case 'sum':
        return `(${next()} ${random.pick(['+', '-', '^'])} ${next()} | 0)`;
      case 'choice':
        return `(${next()} < ${next()} ? ${next()} : ${next()})`;
      case 'arrow': {
        const name = this.newName('p');
        return `((${name}) => (${name} + ${next()}) | 0)(${next()})`;
      }
      case 'text':
        return `\`\${${next()}}:\${${next()}}\`.length`;
      case 'assign':
        return this.#assignment(scope, next) ?? next();
      case 'use':
        return this.#use(scope, next) ?? next();
    }
  }

  #leaf(scope: Scope): string {
    const names = scope.of('constant', 'variable');
    if (names.length === 0 || this.#random.chance(0.2)) return String(this.#random.between(-9, 99));
    return this.#random.pick(names).name;
  }

  #assignment(scope: Scope, next: () => string): string | undefined {
    const target = this.#pickName(scope, ['variable'])?.name;
    if (target === undefined) return undefined;
    return this.#random.pick([
      () => `(${target} = ${next()})`,
      () => `(${target} += ${next()}, ${target} |= 0)`,
      () => `(${target}++ | 0)`,
      () => `([${target} = 7] = [${next()}], ${target})`,
      () => `(({ ${target} } = { ${target}: ${next()} }), ${target})`,
    ])();
  }

  /** Something done with what is neither a number nor a variable. */
  #use(scope: Scope, next: () => string): string | undefined {
    const found = this.#pickName(scope, Object.keys(uses) as Kind[]);
    if (found === undefined) return undefined;
    this.#cost += found.cost;
    return this.#random.pick(uses[found.kind] ?? [() => '0'])(found.name, next);
  }

  #pickName(scope: Scope, kinds: readonly Kind[]): Name | undefined {
    const names = scope.of(...kinds).filter(({ cost }) => this.#cost + cost < costMax);
    return names.length === 0 ? undefined : this.#random.pick(names);
  }
}

type Use = (name: string, next: () => string) => string;

const uses: Readonly<Partial<Record<Kind, readonly Use[]>>> = {
  function: [
    (name, next) => `${name}(${next()})`,
    (name, next) => `${name}.call(null, ${next()})`,
    (name, next) => `[${next()}, ${next()}].map((each) => ${name}(each))[1]`,
  ],
  functions: [
    (name, next) => `${name}[0](${next()})`,
    (name, next) => `${name}.at(-1)(${next()})`,
    (name, next) => `(${name}.reduce((sum, each) => sum + each(${next()}), 0) | 0)`,
  ],
  list: [
    (name) => `${name}.length`,
    (name, next) => `(${name}.push(${next()}), ${name}.length)`,
    (name) => `(${name}.at(-1) ?? 5)`,
    (name, next) => `(${name}[0] = ${next()})`,
    (name) => `(${name}.reduce((sum, each) => sum + each, 0) | 0)`,
  ],
  counter: [(name, next) => `${name}.add(${next()})`, (name) => `${name}.get()`],
  class: [
    (name, next) => `new ${name}(${next()}).value()`,
    (name, next) => `${name}.count(${next()})`,
    (name) => `${name}.total`,
  ],
  instance: [
    (name) => `${name}.value()`,
    (name, next) => `${name}.bump(${next()})`,
    (name, next) => `(${name}.open = ${next()})`,
    (name, next) => `${name}.arrow(${next()})`,
  ],
  object: [
    (name) => `${name}.n`,
    (name, next) => `${name}.method(${next()})`,
    (name, next) => `(${name}.accessor = ${next()}, ${name}.accessor)`,
    (name, next) => `(${name}.n = ${next()})`,
  ],
  bigint: [(name) => `Number(${name} % 1000n)`],
  date: [(name) => `(${name}.getTime() | 0)`],
  map: [
    (name) => `(${name}.get('a') ?? 3)`,
    (name, next) => `${name}.set('a', ${next()}).size`,
    (name, next) => `${name}.set(${next()}, 1).size`,
  ],
  bytes: [(name, next) => `(${name}[1] = ${next()})`, (name) => `${name}[1]`],
};

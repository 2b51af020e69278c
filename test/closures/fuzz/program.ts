/** Writes a random program: the text of a module whose only export is a list of functions to send. */
import { Random } from '../../workload/random.ts';
import { Expressions } from './expressions.ts';
import { Scope } from './scope.ts';

const declarationsOfModule = 10;
const tasks = 4;

/** The same program for the same seed. */
export function programOf(seed: number): string {
  return new Program(seed).text();
}

class Program {
  readonly #random: Random;
  readonly #expressions: Expressions;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#expressions = new Expressions(this.#random);
  }

  text(): string {
    const scope = new Scope();
    const lines = this.#block(scope, declarationsOfModule, 3);
    const list = Array.from({ length: tasks }, () => this.#task(scope));
    return [...lines, 'export const tasks = [', ...list.map((each) => `${each},`), '];', ''].join('\n');
  }

  /** A function to send; it looks at all there is, in the end. */
  #task(scope: Scope): string {
    const functions = scope.of('function');
    if (functions.length > 0 && this.#random.chance(0.3)) return this.#random.pick(functions).name;
    const inner = new Scope(scope);
    inner.add('constant', 'x');
    const lines = this.#block(inner, this.#random.int(3), 2);
    const results = Array.from({ length: 3 }, () => this.#expressions.number(inner));
    const state = scope.of('constant', 'variable', 'list', 'bigint', 'date', 'map', 'bytes');
    const seen = [...results, ...state.slice(0, 8).map(({ name }) => name)].join(', ');
    return this.#random.pick([
      `(x) => {\n${lines.join('\n')}\nreturn [${seen}];\n}`,
      `async (x) => {\n${lines.join('\n')}\nawait null;\nreturn [${seen}];\n}`,
      `function (x) {\n${lines.join('\n')}\nreturn [${seen}];\n}`,
    ]);
  }

  #block(scope: Scope, count: number, depth: number): string[] {
    return Array.from({ length: count }, () => this.#declaration(scope, depth));
  }

  #declaration(scope: Scope, depth: number): string {
    const form = this.#random.pickWeighted({ number: 3, data: 3, pattern: 1, shape: 6 });
    if (form === 'number') return this.#number(scope);
    if (form === 'data') return this.#data(scope);
    if (form === 'pattern') return this.#pattern(scope);
    if (depth <= 0) return this.#number(scope);
    const shapes = [
      () => this.#function(scope, depth - 1),
      () => this.#function(scope, depth - 1),
      () => this.#counters(scope),
      () => this.#loop(scope),
      () => this.#class(scope, depth - 1),
      () => this.#object(scope),
      () => this.#factory(scope, depth - 1),
      () => this.#caught(scope),
      () => this.#generator(scope),
      () => this.#bound(scope),
      () => this.#recursion(scope),
    ];
    return this.#random.pick(shapes)();
  }

  #number(scope: Scope): string {
    const value = this.#expressions.number(scope);
    const isConstant = this.#random.chance(0.5);
    const name = this.#expressions.newName(isConstant ? 'c' : 'v');
    scope.add(isConstant ? 'constant' : 'variable', name);
    return `${isConstant ? 'const' : 'let'} ${name} = ${value};`;
  }

  #data(scope: Scope): string {
    const kind = this.#random.pick(['list', 'bigint', 'date', 'map', 'bytes', 'instance'] as const);
    const name = this.#expressions.newName(kind);
    const number = (): string => this.#expressions.number(scope, 1);
    if (kind === 'instance') {
      const classes = scope.of('class');
      if (classes.length === 0) return this.#number(scope);
      const text = `const ${name} = new ${this.#random.pick(classes).name}(${number()});`;
      scope.add('instance', name, 3);
      return text;
    }
    const texts = {
      list: () => `[${number()}, ${number()}]`,
      bigint: () => `BigInt(${number()}) * 12345678901n`,
      date: () => `new Date(${number()})`,
      map: () => `new Map([['a', ${number()}], [${number()}, 2]])`,
      bytes: () => `new Int32Array([1, ${number()}])`,
    };
    const text = `const ${name} = ${texts[kind]()};`;
    scope.add(kind, name);
    return text;
  }

  #pattern(scope: Scope): string {
    const { newName, number } = this.#tools(scope);
    const [a, b, rest] = [newName('c'), newName('v'), newName('list')];
    const text = this.#random.pick([
      `let { ${a}, deep: [${b} = ${number()}], ...${rest}Others } = { ${a}: ${number()}, deep: [] };
const ${rest} = Object.keys(${rest}Others).map(Number);`,
      `let [${a}, ${b} = ${number()}, ...${rest}] = [${number()}, , ${number()}, ${number()}];`,
    ]);
    scope.add('variable', a);
    scope.add('variable', b);
    scope.add('list', rest);
    return text;
  }

  #function(scope: Scope, depth: number): string {
    const name = this.#expressions.newName('f');
    const [text, cost] = this.#expressions.measured(() => {
      const inner = new Scope(scope);
      const shadowed = scope.of('constant', 'variable');
      const isHiding = shadowed.length > 0 && this.#random.chance(0.2);
      const parameter = isHiding ? this.#random.pick(shadowed).name : this.#expressions.newName('x');
      inner.add('variable', parameter);
      const more = this.#random.pick(['', '', `, ${name}Default = () => ${parameter}`, `, ...${name}Rest`]);
      const lines = this.#block(inner, this.#random.int(3), depth).join('\n');
      const result = this.#expressions.number(inner);
      return this.#random.pick([
        `function ${name}(${parameter}${more}) {\n${lines}\nreturn ${result};\n}`,
        `const ${name} = (${parameter}${more}) => {\n${lines}\nreturn ${result};\n};`,
        `const ${name} = function (${parameter}${more}) {\n${lines}\nreturn ${result};\n};`,
        ...(lines === '' ? [`const ${name} = (${parameter}) => ${result};`] : []),
      ]);
    });
    scope.add('function', name, cost);
    return text;
  }

  /** Two activations of one function, with the same contents or not; and what they share with each other. */
  #counters(scope: Scope): string {
    const { newName, number } = this.#tools(scope);
    const [make, a, b, f] = [newName('make'), newName('counter'), newName('counter'), newName('f')];
    const [start, other] = [number(), this.#random.chance(0.5)];
    const text = `const ${make} = (n) => ({ add: (by) => (n = (n + by) | 0), get: () => n });
const ${a} = ${make}(${start});
const ${b} = ${make}(${other ? number() : `${a}.get()`});
const { add: ${f} } = ${this.#random.pick([a, b])};`;
    scope.add('counter', a);
    scope.add('counter', b);
    scope.add('function', f);
    return text;
  }

  #loop(scope: Scope): string {
    const { newName, number } = this.#tools(scope);
    const [list, item, own] = [newName('functions'), newName('i'), newName('v')];
    const inner = new Scope(scope);
    inner.add('variable', own);
    const [body, cost] = this.#expressions.measured(() => this.#expressions.number(inner, 2));
    const head = this.#random.pick([
      `let ${item} = 0; ${item} < 3; ${item} += 1`,
      `const ${item} of [${number()}, 2, 2]`,
      `const ${item} in { 1: 1, 2: 2 }`,
    ]);
    scope.add('functions', list, 3 * cost);
    return `const ${list} = [];
for (${head}) {
let ${own} = Number(${item});
${list}.push((x) => (${own} = (${own} + x + ${body}) | 0));
}`;
  }

  #class(scope: Scope, depth: number): string {
    const { newName, number } = this.#tools(scope);
    const name = newName('C');
    const bases = scope.of('class');
    const base = bases.length > 0 && this.#random.chance(0.5) ? this.#random.pick(bases) : undefined;
    const [text, cost] = this.#expressions.measured(() => {
      const inner = new Scope(scope);
      inner.add('constant', 'x');
      const lines = this.#block(inner, this.#random.int(2), Math.min(depth, 1)).join('\n');
      const method = this.#expressions.number(inner);
      return `class ${name}${base === undefined ? '' : ` extends ${base.name}`} {
static total = ${number()};
static #hidden = ${number()};
static count(by) { ${name}.total = (${name}.total + by) | 0; return ${name}.#hidden ^ ${name}.total; }
#own = ${number()};
open = 1;
constructor(x) { ${base === undefined ? '' : 'super(x);'} this.#own = (this.#own + x) | 0; }
arrow = (x) => (this.open = (this.open + x) | 0);
bump(x) {\n${lines}\nthis.#own = (this.#own ^ ${method}) | 0; return this.value(); }
value() { return ((${base === undefined ? '0' : 'super.value()'}) + this.#own + this.open) | 0; }
}`;
    });
    scope.add('class', name, cost + (base?.cost ?? 0));
    return text;
  }

  #object(scope: Scope): string {
    const { newName, number } = this.#tools(scope);
    const name = newName('object');
    const [method, cost] = this.#expressions.measured(() => {
      const inner = new Scope(scope);
      inner.add('variable', 'x');
      return this.#expressions.number(inner, 2);
    });
    const text = `const ${name} = {
n: ${number()},
method(x) { return (this.n + ${method}) | 0; },
get accessor() { return this.n ^ 1; },
set accessor(x) { this.n = (x + 1) | 0; },
self() { return ${name}; },
};`;
    scope.add('object', name, cost);
    return text;
  }

  /** A function that makes functions, called at once: they share what it declares. */
  #factory(scope: Scope, depth: number): string {
    const { newName, number } = this.#tools(scope);
    const [list, parameter] = [newName('functions'), newName('x')];
    const inner = new Scope(scope);
    inner.add('variable', parameter);
    const lines = this.#block(inner, 1 + this.#random.int(3), depth).join('\n');
    const [bodies, cost] = this.#expressions.measured(() => [
      this.#expressions.number(inner, 2),
      this.#expressions.number(inner, 2),
    ]);
    const text = `const ${list} = ((${parameter}) => {
${lines}
return [(x) => (x + ${bodies[0]}) | 0, function (x) { return (x ^ ${bodies[1]}) | 0; }];
})(${number()});`;
    scope.add('functions', list, 3 * cost);
    return text;
  }

  #caught(scope: Scope): string {
    const { newName, number } = this.#tools(scope);
    const name = newName('f');
    const text = `let ${name};
try {
throw { code: ${number()}, list: [${number()}] };
} catch ({ code, list: [first] }) {
${name} = (x) => (code = (code + x + first) | 0);
}`;
    scope.add('function', name);
    return text;
  }

  #generator(scope: Scope): string {
    const { newName } = this.#tools(scope);
    const name = newName('f');
    const inner = new Scope(scope);
    inner.add('variable', 'x');
    const [body, cost] = this.#expressions.measured(() => this.#expressions.number(inner, 2));
    scope.add('function', name, 3 * cost);
    return `function* ${name}Each(x) {
for (let i = 0; i < 2; i += 1) yield (${body} + i) | 0;
}
const ${name} = (x) => [...${name}Each(x)].reduce((sum, each) => (sum + each) | 0, 0);`;
  }

  #bound(scope: Scope): string {
    const functions = scope.of('function');
    if (functions.length === 0) return this.#number(scope);
    const { newName, number } = this.#tools(scope);
    const name = newName('f');
    const target = this.#random.pick(functions);
    const text = this.#random.pick([
      `const ${name} = ${target.name}.bind(null);`,
      `const ${name} = ((first, x) => (first + ${target.name}(x)) | 0).bind(null, ${number()});`,
      `const ${name} = ((fn) => (x) => fn(fn(x) & 15))(${target.name});`,
    ]);
    scope.add('function', name, 2 * target.cost + 1);
    return text;
  }

  #recursion(scope: Scope): string {
    const { newName, number } = this.#tools(scope);
    const name = newName('f');
    const text = this.#random.pick([
      `const ${name} = (x) => ((x & 7) === 0 ? ${number()} : (${name}((x & 7) - 1) + 1) | 0);`,
      `function ${name}(x) { return (x & 7) === 0 ? 1 : ${name}Other((x & 7) - 1); }
function ${name}Other(x) { return (${name}(x) * 3) | 0; }`,
      `const ${name} = function self(x) { return (x & 7) === 0 ? ${number()} : self((x & 7) - 1) ^ 5; };`,
    ]);
    // What it takes is only known when it runs.
    scope.add('function', name, 10);
    return text;
  }

  #tools(scope: Scope): { newName: (stem: string) => string; number: () => string } {
    return {
      newName: (stem) => this.#expressions.newName(stem),
      number: () => this.#expressions.number(scope, 1),
    };
  }
}

/** Classes and their instances. */
import { EventEmitter } from 'node:events';
import { Sealed } from '../../../fixtures/closure/imported.mjs';
import { Plain, WithMixin } from '../../../fixtures/closure/unusual.mjs';
import type { Case } from './round-trip.ts';

const tag = Symbol('tag');
const KEYS = { method: 'computed', symbol: tag } as const;
const greeting = ['hello'].join('');
let constructed = 0;

class Animal {
  static kinds = ['cat'];
  static #secret = 'static secret';
  static create(): Animal {
    return new this('made');
  }
  static reveal(): string {
    return Animal.#secret;
  }
  name: string;
  #mood = 'calm';
  constructor(name: string) {
    constructed += 1;
    this.name = name;
  }
  get mood(): string {
    return this.#mood;
  }
  set mood(value: string) {
    this.#mood = value;
  }
  #private(): string {
    return `${this.#mood}!`;
  }
  loud(): string {
    return this.#private();
  }
  speak(): string {
    return `${greeting} ${this.name}`;
  }
  [KEYS.method](): string {
    return 'computed';
  }
  get [KEYS.symbol](): string {
    return 'tagged';
  }
}

class Dog extends Animal {
  #bones = 3;
  toy = 'ball';
  handler = (): string => `${this.name} has ${this.toy}`;
  override speak(): string {
    return `${super.speak()} woof`;
  }
  static override create(): Dog {
    const made = super.create() as Dog;
    made.toy = 'stick';
    return made;
  }
  bones(): number {
    return this.#bones;
  }
}

const rex = new Dog('rex');
rex.mood = 'wild';
Animal.kinds.push('dog');

const hidden = new WeakMap<object, number>();
class Weak {
  constructor(n: number) {
    hidden.set(this, n);
  }
  read(): number | undefined {
    return hidden.get(this);
  }
}

class Failure extends Error {
  override name = 'Failure';
  readonly code = 42;
}
class Stack<T> extends Array<T> {
  top(): T | undefined {
    return this.at(-1);
  }
}
class Registry extends Map<string, number> {
  total(): number {
    return [...this.values()].reduce((sum, one) => sum + one, 0);
  }
}
class Bus extends EventEmitter {
  heard: string[] = [];
}
class Patched {
  twice(): number {
    return 1;
  }
}
Patched.prototype.twice = () => 2;
class Once {
  static count = 0;
  static {
    Once.count += 1;
  }
}

export const classCases: readonly Case[] = [
  {
    name: 'a hierarchy, super and statics',
    make: () => [() => [new Dog('a').speak(), Dog.create().toy, Dog.kinds, Dog.create().name]],
  },
  {
    name: 'an instance with #private members',
    make: () => [(dog: Dog) => [dog.mood, dog.bones(), dog.loud(), dog.speak()], rex],
  },
  { name: 'no constructor runs', make: () => [(dog: Dog) => [dog.name, constructed >= 0], rex] },
  { name: 'static #private members', make: () => [() => Animal.reveal()], expected: 'static secret' },
  {
    name: 'computed keys',
    make: () => [(dog: Dog) => [dog.computed(), dog[tag]], rex],
    expected: ['computed', 'tagged'],
  },
  { name: 'a static block does not run again', make: () => [() => Once.count], expected: 1 },
  {
    name: 'a field that is an arrow',
    make: () => [(dog: Dog) => ((dog.toy = 'rope'), dog.handler()), rex],
    expected: 'rex has rope',
  },
  { name: 'privacy by WeakMap', make: () => [(weak: Weak) => weak.read(), new Weak(7)], expected: 7 },
  {
    name: 'a mixin',
    make: () => [(one: WithMixin) => [one.mixed(), one.plain, one instanceof Plain], new WithMixin()],
  },
  {
    name: 'an error class',
    make: () => [
      (error: Failure) => [
        error.message,
        error.name,
        error.code,
        error instanceof Error,
        error instanceof Failure,
      ],
      new Failure('no'),
    ],
  },
  {
    name: 'a class that extends Array',
    make: () => [
      (stack: Stack<number>) => [stack.top(), stack.length, stack instanceof Stack, Array.isArray(stack)],
      Stack.from([1, 2]),
    ],
  },
  {
    name: 'a class that extends Map',
    make: () => [
      (registry: Registry) => registry.total(),
      new Registry([
        ['a', 1],
        ['b', 2],
      ]),
    ],
    expected: 3,
  },
  {
    name: 'an emitter with a listener',
    make: () => {
      const bus = new Bus();
      bus.on('said', (text: string) => bus.heard.push(text));
      return [() => (bus.emit('said', 'hi'), bus.heard)];
    },
    expected: ['hi'],
  },
  { name: 'a method that was replaced', make: () => [() => new Patched().twice()], expected: 2 },
  {
    name: 'an anonymous class, and an accessor on it',
    make: () => [
      (made: { new (): object; name: string }) => [made.name, Object.keys(new made())],
      class {
        a = 1;
      },
    ],
  },
  {
    name: 'an instance of an imported class with #private members',
    make: () => [(one: Sealed) => one.value(), new Sealed(9)],
    expected: 9,
  },
  {
    name: 'a class as an argument',
    make: () => [(made: typeof Dog) => [made === Dog, new made('b').bones()], Dog],
    expected: [true, 3],
  },
  {
    name: 'accessors that were added later',
    make: () => {
      class Late {
        n = 2;
      }
      Object.defineProperty(Late.prototype, 'late', {
        get(this: Late) {
          return this.n * 2;
        },
        configurable: true,
      });
      return [(late: { late?: number }) => late.late, new Late()];
    },
    expected: 4,
  },
  {
    name: 'a frozen class, null prototypes and private methods only',
    make: () => {
      class Cold {
        #freeze(): string {
          return 'cold';
        }
        feel(): string {
          return this.#freeze();
        }
      }
      Object.freeze(Cold);
      return [(cold: Cold) => [cold.feel(), Object.isFrozen(Cold)], new Cold()];
    },
    expected: ['cold', true],
  },
  {
    name: 'the same private name in two classes',
    make: () => {
      class A {
        #x = 'a';
        a(): string {
          return this.#x;
        }
        set(value: string): void {
          this.#x = value;
        }
      }
      class B extends A {
        #x = 'b';
        b(): string {
          return this.#x;
        }
      }
      const b = new B();
      b.set('changed');
      return [(one: B) => [one.a(), one.b()], b];
    },
    expected: ['changed', 'b'],
  },
];

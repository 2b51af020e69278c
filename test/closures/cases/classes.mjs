/** Classes: hierarchies, statics, computed keys, fields, accessors, mixins; and their instances, both ways. */

const suffix = '!';
const KEYS = { sym: Symbol('sym'), text: 'fromKeys' };
let made = 0;

class Animal {
  static count = 0;
  static create(...args) {
    return new this(...args);
  }
  constructor(name) {
    this.name = name;
  }
  speak() {
    return `${this.name}${suffix}`;
  }
  get loud() {
    return this.name.toUpperCase();
  }
  set loud(value) {
    this.name = value.toLowerCase();
  }
}
class Dog extends Animal {
  static create(name) {
    return super.create(`dog ${name}`);
  }
  legs = 4;
  speak() {
    return `${super.speak()} woof`;
  }
  get loud() {
    return `${super.loud}${this.legs}`;
  }
}
class Puppy extends Dog {
  legs = super.speak().length;
}
Animal.count = 41;

class Once {
  static made = (made += 1);
  static list = ['first'];
  static {
    this.fromBlock = `block ${made}`;
  }
  static bump() {
    return (this.made += 1);
  }
}
Once.list.push('second');

class Computed {
  [KEYS.sym]() {
    return 'by symbol';
  }
  [`${KEYS.text}${1 + 1}`]() {
    return 'by text';
  }
  static [KEYS.text] = 'static by text';
  get [Symbol.toStringTag]() {
    return 'Tagged';
  }
  *[Symbol.iterator]() {
    yield 1;
    yield 2;
  }
  [Symbol.toPrimitive](hint) {
    return hint === 'number' ? 7 : 'primitive';
  }
}

class Handler {
  factor = 2;
  handle = (x) => x * this.factor;
  ['computed field'] = 'kept';
  static shared = new Handler();
  async later(x) {
    await null;
    return this.handle(x);
  }
}

const Sized = (Base) =>
  class extends Base {
    size() {
      return this.items.length;
    }
  };
class Bag {
  items = [1, 2];
}
class SizedBag extends Sized(Bag) {}

const Expression = class Inner {
  static self() {
    return Inner;
  }
  who() {
    return Inner.name;
  }
};
const Anonymous = class {
  hi = 'hi';
};

class Stack extends Array {
  get top() {
    return this[this.length - 1];
  }
}
class DefaultMap extends Map {
  get(key) {
    if (!this.has(key)) this.set(key, []);
    return super.get(key);
  }
}
class AppError extends Error {
  name = 'AppError';
  constructor(message, details, options) {
    super(message, options);
    this.details = details;
  }
}
class NotFound extends AppError {
  status = 404;
}
class Abstract {
  constructor() {
    if (new.target === Abstract) throw new TypeError('abstract');
  }
}
class Concrete extends Abstract {}
class Nothing extends null {
  static value = 1;
}
class Counted {
  static instances = 0;
  constructor() {
    Counted.instances += 1;
  }
}
class Tree {
  constructor(value, ...children) {
    this.value = value;
    this.children = children;
    for (const each of children) each.parent = this;
  }
  sum() {
    return this.value + this.children.reduce((total, each) => total + each.sum(), 0);
  }
}
const rex = new Dog('rex');
rex.tags = new Set(['good']);

export const cases = [
  { name: 'a class', run: (pool) => pool.submit(() => new Animal('a').speak()), expect: 'a!' },
  {
    name: 'extends and super',
    run: (pool) =>
      pool.submit(() => [new Dog('d').speak(), Dog.create('e').speak(), new Dog('f') instanceof Animal]),
    expect: ['d! woof', 'dog e! woof', true],
  },
  {
    name: 'accessors and super in them',
    run: (pool) =>
      pool.submit(() => {
        const d = new Dog('d');
        d.legs = 3;
        return d.loud;
      }),
    expect: 'D3',
  },
  {
    name: 'three levels, a field that uses super',
    run: (pool) => pool.submit(() => [new Puppy('p').legs, Object.getPrototypeOf(Puppy) === Dog]),
    expect: [7, true],
  },
  { name: 'a changed static', run: (pool) => pool.submit(() => [Animal.count, Dog.count]), expect: [41, 41] },
  {
    name: 'static fields and blocks do not run again',
    run: (pool) => pool.submit(() => [Once.made, Once.list, Once.fromBlock, made]),
    expect: [1, ['first', 'second'], 'block 1', 1],
  },
  {
    name: 'a static method that changes a static',
    run: async (pool) => [await pool.submit(() => Once.bump()), Once.made],
    expect: [2, 1],
  },
  {
    name: 'computed keys',
    run: (pool) =>
      pool.submit(() => {
        const c = new Computed();
        return [
          c[KEYS.sym](),
          c.fromKeys2(),
          Computed.fromKeys,
          String(Object.prototype.toString.call(c)),
          [...c],
          +c,
          `${c}`,
        ];
      }),
    expect: ['by symbol', 'by text', 'static by text', '[object Tagged]', [1, 2], 7, 'primitive'],
  },
  {
    name: 'arrow fields of a new instance',
    run: (pool) => pool.submit(() => new Handler().handle(4)),
    expect: 8,
  },
  {
    name: 'an instance with an arrow field',
    run(pool) {
      const handler = new Handler();
      handler.factor = 5;
      return pool.submit(() => {
        const before = handler.handle(2);
        handler.factor = 10;
        return [before, handler.handle(2), handler['computed field']];
      });
    },
    expect: [10, 20, 'kept'],
  },
  {
    name: 'an arrow field taken off its instance',
    run(pool) {
      const handler = new Handler();
      const { handle } = handler;
      return pool.submit(() => [handler.handle === handle, handle(3)]);
    },
    expect: [true, 6],
  },
  {
    name: 'a static instance of the class itself',
    run: (pool) => pool.submit(() => [Handler.shared instanceof Handler, Handler.shared.handle(1)]),
    expect: [true, 2],
  },
  { name: 'an async method', run: (pool) => pool.submit(() => new Handler().later(3)), expect: 6 },
  {
    name: 'a mixin',
    run: (pool) => pool.submit(() => [new SizedBag().size(), new SizedBag() instanceof Bag]),
    expect: [2, true],
  },
  {
    name: 'an instance of a mixin',
    run(pool) {
      const bag = new SizedBag();
      bag.items.push(3);
      return pool.submit(() => bag.size());
    },
    expect: 3,
  },
  {
    name: 'a named class expression',
    named: true,
    run: (pool) =>
      pool.submit(() => [Expression.self() === Expression, new Expression().who(), Expression.name]),
    expect: [true, 'Inner', 'Inner'],
  },
  { name: 'an unnamed class expression', run: (pool) => pool.submit(() => new Anonymous().hi), expect: 'hi' },
  {
    name: 'extends Array',
    run(pool) {
      const stack = Stack.from([1, 2]);
      return pool.submit(() => {
        stack.push(3);
        return [
          stack.top,
          stack instanceof Stack,
          Array.isArray(stack),
          stack.map((x) => x) instanceof Stack,
        ];
      });
    },
    expect: [3, true, true, true],
  },
  {
    name: 'extends Map',
    run(pool) {
      const map = new DefaultMap([['a', [1]]]);
      return pool.submit(() => {
        map.get('b').push(2);
        return [...map];
      });
    },
    expect: [
      ['a', [1]],
      ['b', [2]],
    ],
  },
  {
    name: 'extends Error',
    run(pool) {
      const error = new NotFound('lost', { id: 1 }, { cause: new TypeError('inner') });
      return pool.submit(() => [
        error instanceof AppError,
        error.message,
        error.details.id,
        error.status,
        error.name,
        error.cause instanceof TypeError,
      ]);
    },
    expect: [true, 'lost', 1, 404, 'AppError', true],
  },
  {
    name: 'an error of a captured class thrown in the task',
    run: (pool) =>
      pool
        .submit(() => {
          throw new NotFound('gone', { id: 9 });
        })
        .catch((error) => [error instanceof NotFound, error.message, error.details, error.status]),
    expect: [true, 'gone', { id: 9 }, 404],
  },
  {
    name: 'an abstract class',
    run: (pool) =>
      pool.submit(() => {
        new Concrete();
        try {
          new Abstract();
        } catch (error) {
          return error.message;
        }
        return 'no error';
      }),
    expect: 'abstract',
  },
  {
    name: 'extends null',
    run: (pool) => pool.submit(() => [Nothing.value, Object.getPrototypeOf(Nothing.prototype)]),
    expect: [1, null],
  },
  {
    name: 'extends a builtin by reference',
    run(pool) {
      class Later extends Promise {
        static get [Symbol.species]() {
          return Promise;
        }
      }
      return pool.submit(async () => [await Later.resolve(1), new Later(() => {}) instanceof Promise]);
    },
    expect: [1, true],
  },
  {
    name: 'a class that counts its instances',
    run: (pool) =>
      pool.submit(() => {
        new Counted();
        new Counted();
        return Counted.instances;
      }),
    expect: 2,
  },
  {
    name: 'an instance, without its constructor',
    run(pool) {
      const counted = new Counted();
      Counted.instances = 0;
      return pool.submit(() => [counted instanceof Counted, Counted.instances]);
    },
    expect: [true, 0],
  },
  {
    name: 'a captured instance with more properties',
    run: (pool) =>
      pool.submit(() => [
        rex.speak(),
        rex.tags.has('good'),
        rex.legs,
        rex instanceof Dog,
        rex.constructor === Dog,
      ]),
    expect: ['rex! woof', true, 4, true, true],
  },
  {
    name: 'an instance as an argument',
    run: (pool) => pool.submit((dog) => [dog.speak(), dog instanceof Dog], rex),
    expect: ['rex! woof', true],
  },
  {
    name: 'an instance as an argument of a function that does not know its class',
    run: (pool) => pool.submit((dog) => dog.speak(), rex),
    expect: 'rex! woof',
  },
  {
    name: 'an instance that comes back',
    run: async (pool) => {
      const dog = await pool.submit(() => new Dog('new'));
      return [dog instanceof Dog, dog.speak(), dog.legs];
    },
    expect: [true, 'new! woof', 4],
  },
  {
    name: 'an instance that goes there and back',
    run: async (pool) => {
      const dog = await pool.submit((each) => {
        each.legs -= 1;
        return each;
      }, rex);
      return [dog instanceof Dog, dog.legs, rex.legs, dog === rex, dog.tags];
    },
    expect: [true, 3, 4, false, new Set(['good'])],
  },
  {
    name: 'instances deep in a result',
    run: async (pool) => {
      const { list, map } = await pool.submit(() => {
        const dog = new Dog('x');
        return { list: [dog, dog], map: new Map([['d', dog]]) };
      });
      return [list[0] instanceof Dog, list[0] === list[1], map.get('d') === list[0]];
    },
    expect: [true, true, true],
  },
  {
    name: 'a tree of instances with cycles',
    run(pool) {
      const tree = new Tree(1, new Tree(2, new Tree(3)), new Tree(4));
      return pool.submit(() => [tree.sum(), tree.children[0].children[0].parent.parent === tree]);
    },
    expect: [10, true],
  },
  {
    name: 'the same class in two calls is one class in the worker',
    run: async (pool, { single }) => {
      await single.submit(() => {
        globalThis.firstAnimal = Animal;
      });
      return single.submit(
        () => globalThis.firstAnimal === Animal && new Animal('x') instanceof globalThis.firstAnimal,
      );
    },
    expect: true,
  },
  {
    name: 'the same class in two calls, its variables read anew',
    async run(pool, { single }) {
      let word = 'one';
      class Says {
        say() {
          return word;
        }
      }
      const first = await single.submit(() => new Says().say());
      word = 'two';
      Says.extra = 'static';
      return [first, await single.submit(() => [new Says().say(), Says.extra])];
    },
    expect: ['one', ['two', 'static']],
  },
  {
    name: 'a class sent as an argument',
    run: (pool) => pool.submit((Class) => new Class('arg').speak(), Dog),
    expect: 'arg! woof',
  },
  {
    name: 'a class that comes back is the class',
    run: async (pool) => (await pool.submit(() => Dog)) === Dog,
    expect: true,
  },
  {
    name: 'a class made in a function, twice',
    run(pool) {
      const make = (n) =>
        class {
          value() {
            return n;
          }
        };
      const [A, B] = [make(1), make(2)];
      return pool.submit(() => [new A().value(), new B().value(), A === B, new A() instanceof B]);
    },
    expect: [1, 2, false, false],
  },
  {
    name: 'a class declared in the task',
    run: (pool) =>
      pool.submit(() => {
        class Local extends Animal {
          static s = suffix;
          field = Local.s;
        }
        return [new Local('l').speak(), new Local('l').field];
      }),
    expect: ['l!', '!'],
  },
  {
    name: 'an instance of a class declared in the task comes back as data or is refused',
    run: (pool) =>
      pool
        .submit(() => {
          class Unknown {
            a = 1;
          }
          return new Unknown();
        })
        .then(
          (value) => value.a,
          (error) => (/Unknown/u.test(error.message) ? 1 : error.message),
        ),
    expect: 1,
    named: true,
  },
  {
    name: 'a patched prototype',
    run(pool) {
      class Patched {
        a() {
          return 'text';
        }
      }
      Patched.prototype.a = () => 'patched';
      Patched.prototype.b = function () {
        return this.a();
      };
      return pool.submit(() => new Patched().b());
    },
    expect: 'patched',
  },
  {
    name: 'a deleted method',
    run(pool) {
      class Shrunk {
        a() {}
        b() {}
      }
      delete Shrunk.prototype.a;
      return pool.submit(() => [typeof new Shrunk().a, typeof new Shrunk().b]);
    },
    expect: ['undefined', 'function'],
  },
  {
    name: 'methods are not enumerable, fields are',
    run: (pool) =>
      pool.submit(() => [Object.keys(new Dog('x')), Object.keys(Dog.prototype), Object.keys(Animal)]),
    expect: [['name', 'legs'], [], ['count']],
  },
  {
    name: 'the name and text of a class',
    named: true,
    run: (pool) => pool.submit(() => [Dog.name, Dog.length, new Dog('x').constructor.name]),
    expect: ['Dog', 0, 'Dog'],
  },
  {
    name: 'a class cannot be called',
    run: (pool) =>
      pool.submit(() => {
        try {
          Animal('x');
        } catch (error) {
          return error.name;
        }
        return 'called';
      }),
    expect: 'TypeError',
  },
  {
    name: 'a class whose fields capture',
    run(pool) {
      const start = 3;
      class Starts {
        a = start;
        b = [start, this.a];
      }
      return pool.submit(() => new Starts().b);
    },
    expect: [3, 3],
  },
  {
    name: 'classes that know each other',
    run(pool) {
      class A {
        other() {
          return new B();
        }
      }
      class B extends A {
        name = 'b';
      }
      return pool.submit(() => new A().other().other().name);
    },
    expect: 'b',
  },
  {
    name: 'Symbol.species, Symbol.hasInstance',
    run(pool) {
      class Even {
        static [Symbol.hasInstance](n) {
          return n % 2 === 0;
        }
      }
      return pool.submit(() => [2 instanceof Even, 3 instanceof Even]);
    },
    expect: [true, false],
  },
  {
    name: 'a subclass with its own accessors, static ones',
    run(pool) {
      class Temperature {
        static #last = 0;
        static get last() {
          return this.#last;
        }
        static set last(v) {
          this.#last = v;
        }
      }
      Temperature.last = 5;
      return pool.submit(() => {
        const before = Temperature.last;
        Temperature.last += 1;
        return [before, Temperature.last];
      });
    },
    expect: [5, 6],
  },
  {
    name: 'a frozen class instance',
    run(pool) {
      const frozen = Object.freeze(new Dog('ice'));
      return pool.submit(() => [Object.isFrozen(frozen), frozen.speak()]);
    },
    expect: [true, 'ice! woof'],
  },
  {
    name: 'Object.create of an instance',
    run(pool) {
      const derived = Object.create(rex, { own: { value: 1 } });
      return pool.submit(() => [derived.speak(), derived.own, Object.keys(derived), derived instanceof Dog]);
    },
    expect: ['rex! woof', 1, [], true],
  },
];

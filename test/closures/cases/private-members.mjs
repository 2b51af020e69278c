/** `#private` fields, methods and accessors, static or not, and what TypeScript makes of them. */

let constructed = 0;

class Account {
  static #opened = 0;
  static get opened() {
    return Account.#opened;
  }
  #balance = 0;
  #history = [];
  constructor(balance) {
    constructed += 1;
    Account.#opened += 1;
    this.#balance = balance;
  }
  #note(text) {
    this.#history.push(text);
  }
  get #doubled() {
    return this.#balance * 2;
  }
  set #doubled(value) {
    this.#balance = value / 2;
  }
  deposit(amount) {
    this.#balance += amount;
    this.#note(`+${amount}`);
    return this;
  }
  double() {
    this.#doubled = this.#doubled * 2;
    return this;
  }
  report() {
    return [this.#balance, this.#history];
  }
  isAccount(other) {
    return #balance in other;
  }
  equals(other) {
    return this.#balance === other.#balance;
  }
}
class Savings extends Account {
  #rate;
  constructor(balance, rate) {
    super(balance);
    this.#rate = rate;
  }
  rate() {
    return [this.#rate, ...this.report()];
  }
}
class Node {
  #next;
  constructor(next) {
    this.#next = next;
  }
  setNext(next) {
    this.#next = next;
  }
  next() {
    return this.#next;
  }
}
class Registry {
  static #instance;
  static #secret() {
    return 'secret';
  }
  static get() {
    return (Registry.#instance ??= new Registry());
  }
  static reveal() {
    return Registry.#secret();
  }
  items = new Map();
}
Registry.get().items.set('a', 1);
class Handlers {
  #factor = 3;
  times = (x) => x * this.#factor;
  #later = async (x) => this.times(x);
  run(x) {
    return this.#later(x);
  }
}
class OnlyBase {
  #x = 1;
  x() {
    return this.#x;
  }
}
class PlainChild extends OnlyBase {
  y = 2;
}

// What TypeScript's compiler makes of #private for old targets.
const secrets = new WeakMap();
class Compiled {
  constructor(value) {
    secrets.set(this, value);
  }
  value() {
    return secrets.get(this);
  }
}
const compiled = new Compiled('kept');
const visited = new WeakSet([compiled]);

const account = new Account(10).deposit(5);
const savings = new Savings(100, 0.5).deposit(1);

export const cases = [
  {
    name: 'a new instance',
    run: (pool) => pool.submit(() => new Account(1).deposit(2).double().report()),
    expect: [6, ['+2']],
  },
  {
    name: 'a captured instance',
    run: (pool) => pool.submit(() => account.deposit(1).report()),
    expect: [16, ['+5', '+1']],
  },
  {
    name: 'the instance here keeps its state',
    run: async (pool) => {
      await pool.submit(() => void account.deposit(100));
      return account.report();
    },
    expect: [15, ['+5']],
  },
  {
    name: 'private methods and accessors of a captured instance',
    run: (pool) => pool.submit(() => account.double().report()),
    expect: [30, ['+5']],
  },
  {
    name: 'an instance of a hierarchy',
    run: (pool) => pool.submit(() => [savings.rate(), savings instanceof Account]),
    expect: [[0.5, 101, ['+1']], true],
  },
  {
    name: 'no constructor runs',
    run: async (pool) => {
      const before = constructed;
      return (
        (await pool.submit(() => {
          savings.rate();
          account.report();
          return constructed;
        })) - before
      );
    },
    expect: 0,
  },
  {
    name: '#x in object',
    run: (pool) => pool.submit(() => [account.isAccount(savings), account.isAccount({})]),
    expect: [true, false],
  },
  {
    name: 'private members of another instance',
    run: (pool) => pool.submit((a, b) => a.equals(b), new Account(3), new Account(3)),
    expect: true,
  },
  {
    name: 'a static private field',
    run: async (pool) => {
      const here = Account.opened;
      return (
        (await pool.submit(() => {
          new Account(0);
          return Account.opened;
        })) - here
      );
    },
    expect: 1,
  },
  {
    name: 'a static private method and a static instance',
    run: (pool) =>
      pool.submit(() => [
        Registry.reveal(),
        Registry.get().items.get('a'),
        Registry.get() === Registry.get(),
      ]),
    expect: ['secret', 1, true],
  },
  {
    name: 'private fields in a cycle',
    run(pool) {
      const a = new Node();
      const b = new Node(a);
      a.setNext(b);
      return pool.submit(() => a.next().next() === a);
    },
    expect: true,
  },
  {
    name: 'arrow fields that use private members, new',
    run: (pool) => pool.submit(() => new Handlers().run(2)),
    expect: 6,
  },
  {
    name: 'a child class without private members of its own',
    run(pool) {
      const child = new PlainChild();
      child.y = 5;
      return pool.submit(() => [child.x(), child.y]);
    },
    expect: [1, 5],
  },
  {
    name: 'an instance with private state comes back',
    run: (pool) => pool.submit(() => account.deposit(7)),
    refuses: /class \S+, whose #private .*`registerSerializer`\.$/u,
  },
  {
    name: 'an instance made there comes back',
    run: (pool) => pool.submit(() => [new Savings(1, 2)]),
    refuses: /result\[0\].* class \S+, whose #private .*`registerSerializer`\.$/u,
  },
  {
    name: 'WeakMap privates',
    run: (pool) => pool.submit(() => [compiled.value(), new Compiled('new').value()]),
    expect: ['kept', 'new'],
  },
  {
    name: 'a WeakSet that knows a captured object',
    run: (pool) => pool.submit(() => [visited.has(compiled), visited.has({})]),
    expect: [true, false],
  },
  {
    name: 'a private field that holds a closure',
    run(pool) {
      const n = 4;
      class Lazy {
        #compute = () => n * 2;
        value() {
          return this.#compute();
        }
      }
      const lazy = new Lazy();
      return pool.submit(() => lazy.value());
    },
    expect: 8,
  },
  {
    name: 'a frozen instance with private state',
    run(pool) {
      const frozen = Object.freeze(new Account(9));
      return pool.submit(() => [frozen.report()[0], Object.isFrozen(frozen)]);
    },
    expect: [9, true],
  },
  {
    name: 'two classes with private fields of one name',
    run(pool) {
      class A {
        #v = 'a';
        static read(x) {
          return x.#v;
        }
      }
      class B extends A {
        #v = 'b';
        static read(x) {
          return x.#v;
        }
      }
      const b = new B();
      return pool.submit(() => [A.read(b), B.read(b)]);
    },
    expect: ['a', 'b'],
  },
  {
    name: 'private state added by the return of a constructor',
    run(pool) {
      class Stamper extends class {
        constructor(o) {
          return o;
        }
      } {
        #mark = 'stamped';
        static read(o) {
          return o.#mark;
        }
      }
      const plain = {};
      new Stamper(plain);
      return pool.submit(() => Stamper.read(plain)).catch((error) => error.code ?? error.message);
    },
    accepts: (value) => value === 'stamped' || /private member/u.test(value),
  },
];

/** What cannot go: refused at the call, with the way to the value and what to do. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { generateKeyPairSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import net from 'node:net';
import process from 'node:process';
import { MessageChannel } from 'node:worker_threads';

const socket = new net.Socket();
const server = new net.Server();
const db = { name: 'db', socket };
const proxy = new Proxy({ a: 1 }, {});
const promise = Promise.resolve(1);
const generator = (function* () {
  yield 1;
})();
const iterator = new Map([[1, 2]]).entries();
const weakRef = new WeakRef(db);
const sharedMemory = new SharedArrayBuffer(8);
const overShared = new Uint8Array(sharedMemory);
const format = new Intl.DateTimeFormat('en');
const controller = new AbortController();
const storage = new AsyncLocalStorage();
const registry = new FinalizationRegistry(() => {});
const resolvers = (() => {
  let resolve;
  const p = new Promise((r) => {
    resolve = r;
  });
  return { p, resolve };
})();
const functionProxy = new Proxy(() => 1, {});
const nested = { list: [{ map: new Map([['key', db]]) }] };
const innermost = () => db.socket.destroyed;
const outermost = () => innermost();
class Client {
  constructor() {
    this.connection = socket;
  }
}
class HasMethods {
  close() {
    return socket.destroy();
  }
  add(a, b) {
    return a + b;
  }
}
const service = {
  close: () => socket.destroy(),
  add: (a, b) => a + b,
};
const keyPair = () => generateKeyPairSync('ed25519').privateKey;

/** Sends a function that captures the value. */
const refusesCaptured = (name, make, pattern, more = {}) => ({
  name: `captured: ${name}`,
  async run(pool) {
    const captured = await make();
    try {
      return await pool.submit(() => captured);
    } finally {
      await captured?.close?.();
      captured?.destroy?.();
    }
  },
  refuses: pattern,
  ...more,
});

export const cases = [
  {
    name: 'db.socket, with the way to it',
    named: true,
    run: (pool) => pool.submit(() => [db.name, Object.keys(db)]),
    refuses: /closure → db\.socket.*net\.Socket.*(?:inside the task|initialize)/su,
  },
  {
    name: 'a chain of helpers, with the way',
    named: true,
    run: (pool) => pool.submit(() => outermost()),
    refuses: /closure → outermost → innermost → db\.socket/u,
  },
  {
    name: 'the name of the task in the way',
    named: true,
    run: (pool) => pool.submit(outermost),
    refuses: /→ innermost → db\.socket/u,
  },
  {
    name: 'the error has the path',
    named: true,
    run: (pool) =>
      pool
        .submit(() => outermost())
        .then(
          () => 'sent',
          (error) => [error.name, error.code, /db\.socket$/u.test(error.path)],
        ),
    expect: ['NotSerializableError', 'ERR_TROUPE_NOT_SERIALIZABLE', true],
  },
  {
    name: 'an argument, with the way',
    run: (pool) => pool.submit((list) => list, [{ s: socket }]),
    refuses: /argument 0\[0\]\.s/u,
  },
  {
    name: 'the second argument',
    run: (pool) => pool.submit((a, b) => b, 1, { deep: { socket } }),
    refuses: /argument 1\.deep\.socket/u,
  },
  {
    name: 'deep in lists and maps',
    named: true,
    run: (pool) => pool.submit(() => nested),
    refuses: /nested\.list\[0\]\.map.*key.*socket/su,
  },
  {
    name: 'an instance with a socket',
    run(pool) {
      const client = new Client();
      return pool.submit(() => client);
    },
    refuses: /connection.*net\.Socket/su,
  },
  {
    name: 'a socket a bound function holds',
    run: (pool) => pool.submit(socket.destroy.bind(socket)),
    refuses: /net\.Socket|Node itself made/u,
  },
  {
    name: 'a static that holds a socket',
    run(pool) {
      class Holder {
        static socket = socket;
      }
      return pool.submit(() => Holder.socket);
    },
    refuses: /Holder|socket/u,
  },
  {
    name: 'a default refused in a Map key',
    run: (pool) => pool.submit((map) => map.size, new Map([[socket, 1]])),
    refuses: /argument 0.*net\.Socket/su,
  },
  {
    name: 'inside a Set',
    run: (pool) => pool.submit((set) => set.size, new Set([promise])),
    refuses: /Promise/u,
  },
  {
    name: 'in a private field',
    named: true,
    run(pool) {
      class Hidden {
        #socket = socket;
        get() {
          return this.#socket;
        }
      }
      const hidden = new Hidden();
      return pool.submit(() => hidden.get());
    },
    refuses: /#socket/u,
  },
  {
    name: 'in a symbol property',
    named: true,
    run(pool) {
      const o = { [Symbol('where')]: socket };
      return pool.submit(() => o);
    },
    refuses: /o\[.*net\.Socket/su,
  },
  {
    name: 'in a variable that is assigned',
    run(pool) {
      let current = socket;
      return pool.submit(() => {
        current = null;
        return current;
      });
    },
    refuses: /net\.Socket/u,
  },
  {
    name: 'several ways: the shortest is fine',
    run: (pool) => pool.submit(() => [socket, db, innermost]),
    refuses: /net\.Socket/u,
  },
  refusesCaptured('a server', () => new net.Server(), /net\.Server/u),
  refusesCaptured('a Proxy', () => proxy, /Proxy/u),
  refusesCaptured('a Proxy of a function', () => functionProxy, /Proxy/u),
  refusesCaptured('a generator', () => generator, /generator/u),
  refusesCaptured('an iterator', () => iterator, /iterator/iu),
  refusesCaptured('a WeakRef', () => weakRef, /WeakRef/u),
  refusesCaptured('a FinalizationRegistry', () => registry, /FinalizationRegistry/u),
  refusesCaptured('a SharedArrayBuffer', () => sharedMemory, /SharedArrayBuffer/u),
  refusesCaptured('bytes over shared memory', () => overShared, /SharedArrayBuffer/u),
  refusesCaptured('an Intl object', () => format, /DateTimeFormat|Intl/u),
  refusesCaptured('an AbortController', () => controller, /AbortController/u),
  refusesCaptured('an AsyncLocalStorage', () => storage, /AsyncLocalStorage/u),
  refusesCaptured('a read stream', () => createReadStream(process.execPath), /ReadStream/u),
  refusesCaptured('a file handle', () => open(process.execPath), /FileHandle/u),
  refusesCaptured(
    'a message port',
    () => {
      const { port1 } = new MessageChannel();
      return port1;
    },
    /MessagePort/u,
  ),
  refusesCaptured('a key', keyPair, /key/iu),
  refusesCaptured(
    'a WebAssembly module',
    () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
    /WebAssembly|Module/u,
  ),
  { name: 'captured: a Promise', run: (pool) => pool.submit(() => promise), refuses: /Promise.*[Aa]wait/su },
  {
    name: 'captured: the resolve of a Promise',
    run(pool) {
      const { resolve } = resolvers;
      return pool.submit(() => resolve(1));
    },
    refuses: /resolve|native function/u,
  },
  {
    name: 'captured: a timer',
    run(pool) {
      const timer = setTimeout(() => {}, 1);
      return pool.submit(() => timer).finally(() => clearTimeout(timer));
    },
    refuses: /timer/iu,
  },
  {
    name: 'process.stdout goes by reference',
    run(pool) {
      const { stdout } = process;
      return pool.submit(() => stdout === process.stdout);
    },
    expect: true,
    unless: ['thread'],
  },
  {
    name: 'an arrow of a captured object that is never called',
    run: (pool) => pool.submit(() => service.add(1, 2)),
    refuses: /net\.Socket/u,
    accepts: (value) => value === 3,
  },
  {
    name: 'a direct eval',
    run: (pool) => pool.submit((text) => eval(text), '1 + 1'),
    refuses: /eval/u,
    unless: ['bundle', 'minified'],
  },
  {
    name: 'a direct eval in a helper',
    run(pool) {
      const helper = (text) => eval(text);
      return pool.submit(() => helper('1'));
    },
    refuses: /eval/u,
    unless: ['bundle', 'minified'],
  },
  { name: 'an indirect eval is fine', run: (pool) => pool.submit(() => (0, eval)('1 + 1')), expect: 2 },
  {
    name: 'this of the method around an arrow',
    run(pool) {
      class C {
        n = 2;
        task() {
          return () => this.n;
        }
      }
      return pool.submit(new C().task());
    },
    refuses: /`this`.*(?:self|bind)/su,
  },
  {
    name: 'this of the method around a helper arrow',
    named: true,
    run(pool) {
      class C {
        task() {
          const helper = () => this;
          return () => helper();
        }
      }
      return pool.submit(new C().task());
    },
    refuses: /helper.*`this`/su,
  },
  {
    name: 'this of a module is undefined',
    run: (pool) => pool.submit(() => typeof this),
    accepts: (value) => value === 'undefined',
    refuses: /`this`/u,
  },
  {
    name: 'super of the method around an arrow',
    run(pool) {
      class B {
        hi() {
          return 'hi';
        }
      }
      class C extends B {
        task() {
          return () => super.hi();
        }
      }
      return pool.submit(new C().task());
    },
    refuses: /super|this/u,
    unless: ['minified'],
  },
  {
    name: 'new.target of the function around an arrow',
    run(pool) {
      let task;
      function F() {
        task = () => new.target;
      }
      new F();
      return pool.submit(task);
    },
    refuses: /new\.target/u,
  },
  {
    name: '#x of the class around an arrow',
    run(pool) {
      class C {
        #x = 1;
        static task(c) {
          return () => c.#x;
        }
      }
      return pool.submit(C.task(new C()));
    },
    refuses: /#x/u,
    unless: ['minified'],
  },
  { name: 'a class as the task', run: (pool) => pool.submit(Client), refuses: /class/u },
  { name: 'no function at all', run: (pool) => pool.submit('text'), refuses: /function/u },
  { name: 'a Proxy as the task', run: (pool) => pool.submit(functionProxy), refuses: /Proxy/u },
  {
    name: 'a result with a socket',
    run: (pool) =>
      pool.submit(async () => {
        const { Socket } = await import('node:net');
        return { deep: [new Socket()] };
      }),
    rejects: /NotSerializableError: .*deep\[0\].*net\.Socket/su,
  },
  {
    name: 'a variable before it has a value',
    minNode: 22,
    run(pool) {
      const task = () => later;
      const sent = pool.submit(task);
      const later = 1;
      return sent;
    },
    refuses: /later|initiali/u,
  },
  {
    name: 'a variable before it has a value, on Node 20',
    maxNode: 21,
    run(pool) {
      const task = () => (typeof tooLate === 'undefined' ? 'undefined' : tooLate);
      const sent = pool.submit(task);
      const tooLate = 1;
      return sent;
    },
    accepts: (value) => value === 'undefined',
    refuses: /tooLate|initiali/u,
  },
  {
    name: 'a method that is never called may hold what cannot go',
    run(pool) {
      const o = new HasMethods();
      return pool.submit(() => o.add(1, 2));
    },
    expect: 3,
  },
  {
    name: 'a class whose method holds the pool',
    run(pool) {
      class Runner {
        start() {
          return pool.submit(() => 1);
        }
        twice(x) {
          return 2 * x;
        }
      }
      return pool.submit(() => new Runner().twice(2));
    },
    expect: 4,
  },
  {
    name: 'that method, called',
    named: true,
    run: (pool) => pool.submit(() => new HasMethods().close()),
    rejects: /NotSerializableError: .*socket.*net\.Socket.*(?:inside the task|initialize)/su,
  },
  {
    name: 'what a method holds is captured directly as well',
    run: (pool) => pool.submit(() => [new HasMethods().add(1, 2), socket]),
    refuses: /net\.Socket/u,
  },
  {
    name: 'what two methods hold',
    run(pool) {
      const o = {
        a() {
          return server;
        },
        b() {
          return socket;
        },
        c: () => 1,
      };
      return pool.submit(() => o.c());
    },
    expect: 1,
  },
  {
    name: 'after a refusal the pool goes on',
    run: async (pool) => {
      await pool.submit(() => socket).catch(() => {});
      return pool.submit(() => 'well');
    },
    expect: 'well',
  },
];

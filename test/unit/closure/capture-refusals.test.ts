import { createHash, createSecretKey } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { capture } from '../../../src/codec/closure/capture/capture.ts';
import type { CaptureOptions } from '../../../src/codec/closure/capture/options.ts';
import { NotSerializableError } from '../../../src/errors.ts';
import {
  evaluates,
  outerArguments,
  outerSuper,
  outerTarget,
  Thenable,
} from '../../fixtures/closure/unusual.mjs';
import { callThere } from './round-trip/round-trip.ts';

const socket = new net.Socket();
const isSocket =
  'it is a net.Socket, which lives in this process. Open it inside the task or in `initialize`.';
const db = { socket };
const inner = (): net.Socket => db.socket;
const outer = (): net.Socket => inner();

class Store {
  open(): net.Socket {
    return socket;
  }
  size(): number {
    return 1;
  }
}

class Around {
  #x = 1;
  k = 2;
  usesPrivate = (): (() => number) => () => this.#x;
  usesThis(): () => number {
    return () => this.k;
  }
}

function refusal(values: readonly unknown[], options: Partial<CaptureOptions> = {}): NotSerializableError {
  try {
    capture(values, { roots: ['closure', 'argument 0'], ...options });
  } catch (error) {
    if (error instanceof NotSerializableError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the way to what cannot be sent', () => {
  const ways: readonly [path: string, values: readonly unknown[]][] = [
    ['closure → socket', [() => socket]],
    ['closure → db.socket', [() => db]],
    ['closure → outer → inner → db.socket', [() => outer()]],
    ['argument 0[0].s', [() => 1, [{ s: socket }]]],
    ['argument 0["a b"].get("k")', [() => 1, { 'a b': new Map([['k', socket]]) }]],
    ['argument 0.keys()[0]', [() => 1, new Map([[socket, 1]])]],
    ['argument 0.values()[1]', [() => 1, new Set([1, socket])]],
    ['argument 0[0] → socket', [() => 1, [() => socket]]],
    ['closure → bound argument 0', [fs.existsSync.bind(null, socket as never)]],
    ['closure.held', [Object.assign(() => 1, { held: socket })]],
  ];

  test.for(ways)('%s', ([path, values]) => {
    const error = refusal(values);
    expect(error.path).toBe(path);
    expect(error.message).toBe(`${path} cannot be sent to another process: ${isSocket}`);
  });

  test('loses its middle when it is long', () => {
    let list: object = { socket };
    for (let depth = 0; depth < 1000; depth += 1) list = { next: list };
    expect(refusal([() => list]).path).toMatch(/^closure → list(?:\.next)+…(?:\.next)+\.socket$/u);
  });
});

describe('what only a method needs', () => {
  test('does not matter until that is called', async () => {
    expect(await callThere([() => new Store().size()])).toBe(1);
    await expect(callThere([() => new Store().open()])).rejects.toThrow(
      `closure → Store → socket cannot be sent to another process: ${isSocket}`,
    );
  });

  test('is refused if something else needs it, too', () => {
    expect(refusal([() => [new Store(), socket]]).path).toBe('closure → socket');
  });

  test('may be far away', async () => {
    const service = { open: () => outer(), name: 'service' };
    expect(await callThere([() => service.name])).toBe('service');
    await expect(callThere([() => service.open()])).rejects.toThrow(
      `closure → service.open → outer → inner → db.socket cannot be sent`,
    );
  });

  test('takes nothing along that nobody else needs', () => {
    const held = { bytes: new Uint8Array(10), socket };
    const service = { open: () => held, name: 'service' };
    const { graph, binaries } = capture([() => service.name], { roots: ['closure'] });
    expect(binaries).toStrictEqual([]);
    expect(graph.nodes.map(({ k }) => k)).toStrictEqual(['function', 'object', 'function', 'cell']);
  });
});

test('what cannot go takes nothing else away', async () => {
  const key = Symbol('key');
  class Keyed {
    [key](): string {
      return 'by symbol';
    }
    open(): net.Socket {
      return socket;
    }
  }
  const marked = { [key]: 'marked', open: () => socket };
  const task = (keyed: Keyed): unknown => [keyed[key](), marked[key], Object.keys(marked)];
  expect(await callThere([task, new Keyed()])).toStrictEqual(['by symbol', 'marked', ['open']]);
});

describe('code', () => {
  const around = new Around();
  const kinds: readonly [what: RegExp, fn: unknown][] = [
    [/uses `this` of the function around it.*`const self = this`/u, around.usesThis()],
    [/uses `super` of the method around it/u, outerSuper],
    [/uses `new\.target` of the function around it/u, outerTarget],
    [/uses `arguments` of the function around it/u, outerArguments],
    [/uses #x of the class around it/u, around.usesPrivate()],
    [/calls `eval`/u, evaluates],
    [/native function/u, new Intl.Collator().compare],
    [/a Proxy, whose handler is code/u, new Proxy(() => 1, {})],
  ];

  test.for(kinds)('%s', ([what, fn]) => {
    expect(refusal([fn]).message).toMatch(what);
  });

  test('of a variable that is not initialised yet', () => {
    const task = (): number => later;
    const isTold = Number(process.versions.node.split('.')[0]) >= 22;
    if (isTold) expect(refusal([task]).message).toContain('closure → later');
    const later = 1;
    expect(task()).toBe(1);
  });
});

describe('objects', () => {
  const objects: readonly [what: string, object: object][] = [
    ['a Proxy', new Proxy({}, {})],
    ['a Promise', Promise.resolve()],
    ['a WeakRef', new WeakRef({})],
    ['a generator', (function* () {})()],
    ['an iterator', [].values()],
    ['an iterator', 'a'.matchAll(/a/gu)],
    ['an iterator over a Map', new Map().entries()],
    ['an AbortController', new AbortController()],
    ['a SharedArrayBuffer', new SharedArrayBuffer(1)],
    ['a SharedArrayBuffer', new Uint8Array(new SharedArrayBuffer(1))],
    ['the builtin class NumberFormat', new Intl.NumberFormat()],
    ['the builtin class TextEncoder', new TextEncoder()],
    ['a timer', setTimeout(() => undefined, 0)],
    ['a key', createSecretKey(Buffer.from('key'))],
    ['a Hash, which lives in this process', createHash('sha256')],
    ['a FinalizationRegistry', new FinalizationRegistry(() => undefined)],
    ['a MessagePort', new MessageChannel().port1],
    ['a Blob', new Blob([])],
  ];

  test.for(objects)('%s', ([what, object]) => {
    expect(refusal([() => 1, object]).message).toContain(what);
  });

  test('of somebody else’s class with a name like these go', async () => {
    class Timeout {
      ms = 5;
    }
    expect(await callThere([(timeout: Timeout) => timeout.ms, new Timeout()])).toBe(5);
  });
});

test('as data, neither functions nor unknown classes go', () => {
  const asData = { isDataOnly: true, roots: ['result'] };
  expect(refusal([{ run: () => 1 }], asData).message).toMatch(/^result\.run .* only data travels/u);
  expect(refusal([new Store()], asData).message).toContain('an instance of class Store');
  const knownClassId = (made: object): string | undefined => (made === Store ? 'store' : undefined);
  const { graph } = capture([[new Store(), new TypeError('t')]], { ...asData, knownClassId });
  expect(graph.nodes.map(({ k }) => k)).toStrictEqual(['array', 'object', 'error', 'knownClass', 'global']);
});

test('nothing of theirs runs', () => {
  let runs = 0;
  const run = (): never => {
    runs += 1;
    throw new Error('it ran');
  };
  const trapped = new Proxy(
    {},
    Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((trap) => [trap, run])),
  );
  class Tricky {
    static get [Symbol.hasInstance](): never {
      return run();
    }
    get [Symbol.toStringTag](): never {
      return run();
    }
    toJSON(): never {
      return run();
    }
  }
  const properties = ['x', 'constructor', 'then', 'toJSON', Symbol.toStringTag, Symbol.iterator];
  const object = Object.defineProperties(
    {},
    Object.fromEntries(properties.map((key) => [key, { get: run, enumerable: true }])),
  );
  capture([() => 1, [object, new Tricky(), new Thenable(), Object.defineProperty([], 0, { get: run })]], {
    roots: [],
  });
  expect(refusal([() => 1, trapped]).message).toContain('a Proxy');
  expect(refusal([() => 1, Object.create(trapped)]).message).toContain('a Proxy');
  expect(runs).toBe(0);
});

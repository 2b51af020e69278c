import process from 'node:process';
import vm from 'node:vm';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readPrivateMembers, readWeakEntries } from '../../../src/codec/closure/v8/private-members.ts';
import { readFunctions } from '../../../src/codec/closure/v8/scope-reader.ts';
import { importsOf, scriptSource, scriptUrl } from '../../../src/codec/closure/v8/scripts.ts';
import { runNode } from '../../helpers/reference-programs.ts';

const program = fileURLToPath(new URL('../../fixtures/closures/readers-main.mjs', import.meta.url));

class Base {
  #value = 1;

  base(): number {
    return this.#value;
  }
}

class Derived extends Base {
  static #count = 2;
  readonly #value = { deep: true };

  get #doubled(): number {
    return Derived.#count * 2;
  }

  derived(): unknown {
    return [this.#value, this.#doubled];
  }
}

function around<Value>(value: Value): () => Value {
  return () => value;
}

describe('readFunctions', () => {
  test('gives the live variables of each function of a batch', () => {
    const values = [{ a: 1 }, new Map(), Symbol('own')];
    const facts = readFunctions(values.map((value) => around(value)));
    const read = facts.map(({ scopes }): unknown => Reflect.get(scopes[0]?.variables ?? {}, 'value'));
    expect(read).toHaveLength(3);
    for (const [index, value] of values.entries()) expect(read[index]).toBe(value);
  });

  test('knows where a function is in the text V8 compiled', () => {
    const fn = around(0);
    const [facts] = readFunctions([fn]);
    const lines = scriptSource(facts?.scriptId ?? '').split('\n');
    expect(lines[facts?.line ?? 0]?.slice(facts?.column)).toContain(String(fn).split('\n', 1)[0]);
    expect(scriptUrl(facts?.scriptId ?? '')).toContain('readers.test');
  });

  test('takes a bound function apart', () => {
    const target = around(0);
    const self = {};
    const given = [1, -0, 5n, undefined, null, self, Symbol.iterator];
    const [facts] = readFunctions([Function.prototype.bind.call(target, self, ...given)]);
    expect(facts).toMatchObject({ scriptId: null, scopes: [], isProxy: false });
    expect(facts?.bound?.target).toBe(target);
    expect(facts?.bound?.boundThis).toBe(self);
    expect(facts?.bound?.args).toEqual(given);
  });

  test('knows a native function, and asks a Proxy nothing', () => {
    const fail = (): never => {
      throw new Error('a trap has run');
    };
    const traps = { get: fail, ownKeys: fail, getOwnPropertyDescriptor: fail, getPrototypeOf: fail };
    const [native, proxy, alone] = [...readFunctions([Math.max, new Proxy(around(0), traps)])];
    expect(native).toEqual({ scriptId: null, line: 0, column: 0, scopes: [], bound: null, isProxy: false });
    expect(proxy).toEqual({ scriptId: null, line: 0, column: 0, scopes: [], bound: null, isProxy: true });
    expect(alone).toBeUndefined();
    expect(readFunctions([new Proxy(around(0), traps)])[0]?.isProxy).toBe(true);
  });

  test('runs no getter of a function', () => {
    const fn = Object.defineProperty(around(1), 'lazy', {
      get: () => {
        throw new Error('a getter has run');
      },
    });
    expect(readFunctions([fn])[0]?.scopes[0]?.variables).toEqual({ value: 1 });
  });

  test('reads functions of other vm contexts', () => {
    const fn: unknown = vm.runInNewContext('const a = { b: 1 }; () => a');
    const [facts] = readFunctions([Object(fn)]);
    expect(facts?.scopes[0]?.kind).toBe('Script');
    expect(facts?.scopes[0]?.variables).toMatchObject({ a: { b: 1 } });
  });

  test('makes any number of captures', () => {
    const fns = [around(1), around(2)];
    for (let index = 0; index < 300; index += 1) expect(readFunctions(fns)).toHaveLength(2);
  });
});

describe('what the language keeps to itself', () => {
  test('private fields of an object, with those of the classes it extends', () => {
    const members = readPrivateMembers(new Derived()).filter(([, value]) => typeof value !== 'function');
    expect(members).toEqual([
      ['#value', 1],
      ['#value', { deep: true }],
    ]);
  });

  test('private fields of a class', () => {
    expect(readPrivateMembers(Derived)).toEqual([['#count', 2]]);
    expect(readPrivateMembers({})).toEqual([]);
  });

  test('entries of weak collections', () => {
    const [key, value] = [{}, { value: 1 }];
    const [entry] = readWeakEntries(new WeakMap([[key, value]]));
    expect(entry?.[0]).toBe(key);
    expect(entry?.[1]).toBe(value);
    expect(readWeakEntries(new WeakSet([key]))[0]?.[0]).toBe(key);
    expect(readWeakEntries(new Map([[key, value]]))).toEqual([]);
  });
});

describe('scripts', () => {
  test('text without a name has no URL and no imports', () => {
    // oxlint-disable-next-line typescript/no-implied-eval -- the text is what is tested
    const [facts] = readFunctions([new Function('return 1')]);
    expect(scriptUrl(facts?.scriptId ?? '')).toBe('');
    expect(importsOf(facts?.scriptId ?? '').size).toBe(0);
  });

  test("Node's own are told by their URL", () => {
    const [facts] = readFunctions([setTimeout]);
    expect(scriptUrl(facts?.scriptId ?? '')).toMatch(/^node:/u);
  });

  test('imports are read from the text of a module', async () => {
    const text = `import fs, { statSync as stat } from 'node:fs'; import * as os from 'node:os';
      export const use = () => [fs, stat, os];`;
    const imported: unknown = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    const [facts] = readFunctions([Object(Reflect.get(Object(imported), 'use'))]);
    const imports = importsOf(facts?.scriptId ?? '');
    expect(imports.get('stat')).toEqual({ specifier: 'node:fs', name: 'statSync', attributes: null });
    expect(imports.get('fs')?.name).toBe('default');
    expect(imports.get('os')?.name).toBe('*');
  });
});

describe('in a process of its own', () => {
  const expected = {
    isExact: true,
    ran: 0,
    counts: [0, 0, 0],
    variables: ['count'],
    isHere: true,
    inContext: true,
    seesThis: true,
    seesThisInContext: false,
    alive: 0,
    answersAfterwards: 'yes',
  };

  // It makes 200 probes, each of which stops the program for a moment.
  test(
    'in the main thread and in a worker thread, and nothing is held on to',
    { timeout: 180_000 },
    async () => {
      const { main, worker } = JSON.parse(await runNode([program], { execArgv: ['--expose-gc'] })) as Record<
        string,
        unknown
      >;
      expect(main).toMatchObject(expected);
      expect(worker).toMatchObject(expected);
    },
  );

  test('without the inspector, the error says why, and identities are still known', async () => {
    const flag = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    const { main } = JSON.parse(
      await runNode([program], { execArgv: [flag, '--allow-fs-read=*'] }),
    ) as Record<string, unknown>;
    expect(main).toEqual({
      error: 'InspectorUnavailable',
      cause: 'ERR_ACCESS_DENIED',
      known: { max: ['Math', 'max'], fs: { specifier: 'node:fs', name: 'default' } },
    });
  });
});

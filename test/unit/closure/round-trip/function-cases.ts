/** Functions, their variables and helpers. */
import fs, { existsSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { helperFromElsewhere, Imported } from '../../../fixtures/closure/imported.mjs';
import {
  bound,
  compiled,
  CountsToo,
  countFib,
  countsUp,
  CountsUp,
  shadowing,
} from '../../../fixtures/closure/unusual.mjs';
import type { Case } from './round-trip.ts';

const LIMIT = 10;
let captured = 5;
captured += 0;
const helper = (x: number): number => x * LIMIT;
const isEven = (n: number): boolean => n === 0 || isOdd(n - 1);
const isOdd = (n: number): boolean => n !== 0 && isEven(n - 1);
const fact = (n: number): number => (n < 2 ? 1 : n * fact(n - 1));
let counter = 0;
const inc = (by: number): number => (counter += by);
const get = (): number => counter;
const shared = { list: [1], again: null as unknown };
shared.again = shared;
declare const undeclared: unknown;

function makeCounter(): { inc: () => number; get: () => number } {
  let count = 0;
  return { inc: () => (count += 1), get: () => count };
}

function makeDestructured(): { up(): void; read(): number } {
  let n = 0;
  return {
    up() {
      n++;
    },
    read: () => n,
  };
}

const named = function named(n: number): number {
  return n === 0 ? 0 : 1 + named(n - 1);
};

export const functionCases: readonly Case[] = [
  { name: 'helper and variable', make: () => [(x: number) => helper(x) + captured, 3], expected: 35 },
  { name: 'one of many activations', make: () => [[10, 20].map((v) => () => v)[1]], expected: 20 },
  { name: 'mutual recursion', make: () => [() => [isEven(10), isOdd(10)]] },
  { name: 'recursion', make: () => [fact, 5], expected: 120 },
  { name: 'a shadowed name is not captured', make: () => [shadowing, 2], expected: 2 },
  { name: 'typeof of nothing', make: () => [() => typeof undeclared], expected: 'undefined' },
  {
    name: 'state of a module shared by two functions',
    make: () => [(a: typeof inc, b: typeof get) => (a(5), a(2), b()), inc, get],
    expected: 7,
  },
  {
    name: 'two activations stay apart',
    make: () => {
      const [a, b] = [makeCounter(), makeCounter()];
      return [() => (a.inc(), a.inc(), b.inc(), [a.get(), b.get()])];
    },
    expected: [2, 1],
  },
  {
    name: 'functions of different activations with equal contents',
    make: () => {
      const { up } = makeDestructured();
      const { read } = makeDestructured();
      return [() => (up(), read())];
    },
    expected: 0,
  },
  {
    name: 'functions of one activation',
    make: () => {
      const { up, read } = makeDestructured();
      return [() => (up(), up(), read())];
    },
    expected: 2,
  },
  {
    name: 'a variable the task assigns',
    make: () => {
      let n = 1;
      return [() => ((n += 1), n++, { n })];
    },
    expected: { n: 3 },
  },
  {
    name: 'identity',
    make: () => [(a: unknown, b: unknown[]) => a === b[0], shared, [shared]],
    expected: true,
  },
  {
    name: 'an argument that is captured, too',
    make: () => [(a: unknown) => a === shared, shared],
    expected: true,
  },
  {
    name: 'a cycle through a closure',
    make: () => {
      const node: { self?: unknown; read?: () => boolean } = {};
      node.self = node;
      node.read = () => node.self === node;
      return [() => node.read?.()];
    },
    expected: true,
  },
  {
    name: 'a reassigned declaration calls what took its place',
    make: () => [countFib, 15],
    expected: [610, 29],
  },
  { name: 'a named function expression', make: () => [named, 4], expected: 4 },
  {
    name: 'a named expression beside a variable of its name',
    make: () => {
      const inner = function self(n: number): number {
        return n === 0 ? 0 : 1 + self(n - 1);
      };
      const self = (n: number): number => n * 100;
      return [() => [inner(3), self(1)]];
    },
    expected: [3, 100],
  },
  {
    name: 'builtin functions',
    make: () => [
      (
        (max, push) => () =>
          max(1, push.call([], 2))
      )(Math.max, Array.prototype.push),
    ],
  },
  { name: 'builtin modules', make: () => [() => [existsSync('/'), fs.existsSync('/'), path.join('a', 'b')]] },
  {
    name: 'promisify',
    make: () => {
      const read = promisify(fs.stat);
      return [async () => (await read('/')).isDirectory()];
    },
    expected: true,
  },
  { name: 'an imported function', make: () => [() => helperFromElsewhere(2)], expected: 'elsewhere 2' },
  { name: 'an instance of an imported class', make: () => [(one: Imported) => one.value(), new Imported(3)] },
  { name: 'bound', make: () => [bound], expected: ['self', 1] },
  {
    name: 'a variable of classes and a function',
    make: () => [() => [new CountsUp().add(), CountsToo.add(), countsUp()]],
    expected: [1, 2, 3],
  },
  {
    name: 'generators, async, async generators',
    make: () => {
      function* numbers() {
        yield* [1, captured];
      }
      async function* later() {
        yield await Promise.resolve(captured);
      }
      return [
        async () => {
          const all = [...numbers()];
          for await (const one of later()) all.push(one);
          return all;
        },
      ];
    },
    expected: [1, 5, 5],
  },
  {
    name: 'names and lengths',
    make: () => [() => [helper.name, helper.length, fact.name, makeCounter.name]],
  },
  {
    name: 'own properties of functions',
    make: () => {
      const fn = Object.assign((x: number) => x + 1, { unit: 'mm', of: { scale: 2 } });
      return [() => [fn(1), fn.unit, fn.of.scale]];
    },
  },
  {
    name: 'methods, accessors and super of objects',
    make: () => {
      const base = { greet: () => 'base' };
      const object = {
        __proto__: base,
        n: 1,
        get twice() {
          return this.n * 2;
        },
        set twice(value) {
          this.n = value / 2;
        },
        greet() {
          return `${super.greet()} and more`;
        },
      };
      return [() => [object.greet(), object.twice, ((object.twice = 8), object.n)]];
    },
  },
  {
    name: 'default values and destructuring',
    make: () => [
      ({ a = LIMIT, ...rest }: Record<string, number>, [b = captured] = []) => [a, b, rest],
      { c: 1 },
    ],
  },
  {
    name: 'a switch, a loop and a catch',
    make: () => {
      const made: (() => unknown)[] = [];
      for (let i = 0; i < 3; i++) made.push(() => i);
      try {
        throw new RangeError('caught');
      } catch (error) {
        made.push(() => (error as Error).message);
      }
      return [() => made.map((one) => one())];
    },
    expected: [0, 1, 2, 'caught'],
  },
  { name: 'import.meta', make: () => [() => import.meta.url] },
  {
    name: 'a dynamic import',
    make: () => [async () => (await import('node:path')).basename('a/b')],
    expected: 'b',
  },
  { name: 'a function made by new Function', make: () => [compiled, 4], expected: 8 },
  {
    name: 'an ES5 class',
    make: () => {
      function Point(this: { x: number }, x: number) {
        this.x = x;
      }
      Point.prototype.plus = function (this: { x: number }, n: number) {
        return this.x + n + LIMIT;
      };
      const point = Reflect.construct(Point, [1]) as { plus(n: number): number };
      return [(p: typeof point) => [p.plus(1), p instanceof Point, p.constructor === Point], point];
    },
    expected: [12, true, true],
  },
  {
    name: 'a prototype that was replaced',
    make: () => {
      function Shape() {}
      Shape.prototype = { sides: () => 4 };
      const shape = Reflect.construct(Shape, []) as { sides(): number };
      return [() => [shape.sides(), shape instanceof Shape]];
    },
    expected: [4, true],
  },
  {
    name: 'what is changed later',
    make: () => [() => captured],
  },
];

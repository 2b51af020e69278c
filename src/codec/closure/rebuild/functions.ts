/** Makes functions of their compiled text, and gives them what they capture. */
import type { Extras, FunctionNode } from '../wire.ts';
import type { UnitOutput } from './compile-unit.ts';
import { applyExtrasAndProto, prototypeValue } from './extras.ts';
import { isObject, type MadeValues, pending } from './made-values.ts';

/** Gives a function the name it had; that of a class may be a static member, which stays. */
export function giveName(made: unknown, name: string): void {
  if (!isObject(made)) throw new TypeError('a unit of code makes neither a function nor a class');
  const own = Object.getOwnPropertyDescriptor(made, 'name');
  const current: unknown = own === undefined ? '' : own.value;
  if (typeof current === 'string' && current !== name)
    Object.defineProperty(made, 'name', { value: name, configurable: true });
}

/** Gives a function its variables, `super`, prototype and properties. False if a value was not made yet. */
export function fillFunction(node: FunctionNode, output: UnitOutput, made: MadeValues): boolean {
  const { made: fn, home, bind } = output;
  if (!isObject(fn)) throw new TypeError('a function is none');
  const values = (node.values ?? []).map((slot) => made.read(slot));
  const isBound = !values.includes(pending);
  const cells = (node.cells ?? []).map((index) => made.at(index));
  bind?.([...values.map((value) => (value === pending ? undefined : value)), ...cells]);
  const superProto = node.superProto === undefined ? undefined : made.read(node.superProto);
  if (home !== undefined && superProto !== undefined && superProto !== pending)
    Object.setPrototypeOf(home, prototypeValue(superProto));
  const hasPrototype = node.prototype === undefined || fillPrototype(fn, node.prototype, made);
  return applyExtrasAndProto(fn, node, made) && hasPrototype && isBound && superProto !== pending;
}

/** Adds to the object that a function's or class's `prototype` is. */
export function fillPrototype(fn: object, extras: Extras, made: MadeValues): boolean {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  if (!isObject(prototype)) throw new TypeError('a function has no prototype');
  return applyExtrasAndProto(prototype, extras, made);
}

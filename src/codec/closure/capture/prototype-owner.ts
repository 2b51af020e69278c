/** Tells the prototypes of classes from other objects. */
import { types } from 'node:util';
import { ownValue } from '../../object-class.ts';

/** The class or function whose `prototype` an object is. */
export function classOf(prototype: object): object | undefined {
  if (types.isProxy(prototype)) return undefined;
  const made = ownValue(prototype, 'constructor');
  if (typeof made !== 'function' || types.isProxy(made)) return undefined;
  return ownValue(made, 'prototype') === prototype ? made : undefined;
}

/**
 * Makes objects with `#private` members and sets these, without running a constructor's body or the
 * initialiser of a field: the text of such classes was changed to allow it.
 */
import type { Hatch, PrivateValues } from '../hatch.ts';
import type { AnyClass } from './data-nodes.ts';

type SetFields = (instance: object, values: PrivateValues) => void;
type SetStatics = (values: PrivateValues) => void;

/** Knows the private members of the classes that were compiled with its hatch. */
export class PrivateAccess {
  readonly #fields = new WeakMap<object, SetFields>();
  readonly #statics = new WeakMap<object, SetStatics>();
  /** What classes find in their text. */
  readonly hatch: Hatch & { on: boolean } = {
    on: false,
    fields: (of, set) => {
      this.#fields.set(of, set);
    },
    statics: (of, set) => {
      this.#statics.set(of, set);
    },
  };

  /**
   * An object with the private members of the classes: `target`, or in its place the one that a class without
   * `extends` cannot but make itself. The classes are in order, base first.
   */
  install(classes: readonly AnyClass[], isDerived: (made: AnyClass) => boolean, target: object): object {
    const keys = new Set(Reflect.ownKeys(target));
    let instance = target;
    this.hatch.on = true;
    try {
      for (const made of classes) instance = isDerived(made) ? adopt(made, instance) : construct(made);
    } finally {
      this.hatch.on = false;
    }
    // Public fields, whose values are sent.
    for (const key of Reflect.ownKeys(instance)) if (!keys.has(key)) Reflect.deleteProperty(instance, key);
    if (instance !== target) Object.setPrototypeOf(instance, Object.getPrototypeOf(target));
    return instance;
  }

  setFields(of: object, instance: object, values: PrivateValues): void {
    const set = this.#fields.get(of);
    if (set === undefined) throw new TypeError('a class lets nobody set its #private members');
    set(instance, values);
  }

  setStatics(of: object, values: PrivateValues): void {
    const set = this.#statics.get(of);
    if (set === undefined) throw new TypeError('a class lets nobody set its static #private members');
    set(values);
  }
}

/** A derived class puts its members on whatever its superclass returns. */
function adopt(made: AnyClass, instance: object): object {
  const superclass: unknown = Object.getPrototypeOf(made);
  Object.setPrototypeOf(made, function superclassOf(): object {
    return instance;
  });
  try {
    return construct(made);
  } finally {
    Object.setPrototypeOf(made, typeof superclass === 'function' ? superclass : null);
  }
}

function construct(made: AnyClass): object {
  const instance: unknown = Reflect.construct(made, []);
  return Object(instance);
}

/** Why a function, or a variable of one, cannot be sent, and what to do instead. */
import { ownValue } from '../../object-class.ts';
import { type Refusal, refusal } from '../../refusal.ts';
import type { FunctionSource } from '../source/function-source.ts';

const inside = 'Make it inside the task.';

export function refuseNative(fn: object): Refusal {
  return refusal(
    `the native function ${titleOf(fn)}, which no module exports`,
    'Call it in a function of your own, and send that.',
  );
}

export function refuseMadeByNode(fn: object, url: string): Refusal {
  return refusal(`the function ${titleOf(fn)}, which Node itself made (in ${url})`, inside);
}

/** A function or class of this library that has no name to go by. */
export function refuseOwnCode(fn: object): Refusal {
  return refusal(
    `${titleOf(fn)}, which is a part of troupe itself and works only in this process`,
    'Send the values that the task needs, or use what troupe exports.',
  );
}

export function refuseOwnObject(made: object): Refusal {
  return refusal(
    `an object of troupe itself (${titleOf(made)}), which works only in this process`,
    'Send the values that the task needs.',
  );
}

export function refuseUnparsable(why: string): Refusal {
  return refusal(`a function whose text cannot be read (${why})`, 'Write it in plain JavaScript.');
}

/** Why code of this text cannot go, whatever it captures. */
export function refuseByText({
  outer,
  privateNames,
  callsEval,
  form,
  variables,
}: FunctionSource): Refusal | null {
  if (form === 'privateMember')
    return refusal(
      'a #private method, which is part of its class',
      'Send the instance, and call a method of it.',
    );
  if (outer.usesSuper)
    return refusal(
      'an arrow function that uses `super` of the method around it',
      'Call the method on an object instead.',
    );
  if (outer.usesNewTarget)
    return refusal(
      'an arrow function that uses `new.target` of the function around it',
      'Copy it to a variable first: `const target = new.target`.',
    );
  if (variables.has('arguments'))
    return refusal(
      'an arrow function that uses `arguments` of the function around it',
      'Copy them to a variable first: `const given = [...arguments]`.',
    );
  if (privateNames.length > 0)
    return refusal(
      `a function that uses ${privateNames.join(', ')} of the class around it, which exists only there`,
      'Send the instance, and call a method of it.',
    );
  if (callsEval)
    return refusal(
      'a function that calls `eval`, so that nobody can know which variables it needs',
      'Use `(0, eval)(text)` or `new Function`, and pass what they need.',
    );
  return null;
}

export function refuseThis(): Refusal {
  return refusal(
    'an arrow function that uses `this` of the function around it, which no program can read',
    'Copy it first (`const self = this`), or send `function () {…}.bind(this)`.',
  );
}

export function refuseLooseSuper(): Refusal {
  return refusal(
    'a method that uses `super`, without the object it belongs to',
    'Send the object, and call the method on it.',
  );
}

/** No function is to be asked about. */
export function refuseUninspectable(): Refusal {
  return refusal(
    'captured by a function, and without node:inspector nobody can read what functions capture',
    'Start Node with --allow-inspector; or export the function from a file of its own and call it through ' +
      '`pool.module()`; or pass the values as arguments.',
  );
}

export function refuseUninitialised(): Refusal {
  return refusal(
    'a variable that is not initialised yet',
    'Send the function after its variables have values.',
  );
}

export function refuseGetter(): Refusal {
  return refusal('behind a getter, which is code', 'Copy its value to a variable, and use that.');
}

export function refuseModule(): Refusal {
  return refusal(
    'a whole module that a child cannot import',
    'Use its members (`ns.name`), or import it inside the task.',
  );
}

/** Code among what may be nothing but data. */
export function refuseCode(fn: object): Refusal {
  const isClass = Function.prototype.toString.call(fn).startsWith('class');
  return refusal(
    `the ${isClass ? 'class' : 'function'} ${titleOf(fn)}, and from a worker only data travels`,
    'Send data, and make what needs code of it in the main program.',
  );
}

/** `variable` may or may not be the one that another function assigns. */
export function refuseAmbiguous(variable: string): Refusal {
  return refusal(
    `a variable that functions assign, and it cannot be found out whether they mean the same \`${variable}\``,
    'Keep the value in an object that the functions share, and change that.',
  );
}

export function refusePackagePrivates(made: object): Refusal {
  return refusal(
    `the class ${titleOf(made)} of a package, and an instance with #private members is sent, too`,
    'Register a serializer for the class with `registerSerializer`, or make the instance inside the task.',
  );
}

/** The name of a function or class, as messages have it. */
function titleOf(fn: object): string {
  const name = ownValue(fn, 'name');
  return typeof name === 'string' && name !== '' ? `\`${name}\`` : 'without a name';
}

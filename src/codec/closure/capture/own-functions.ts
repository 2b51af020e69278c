/** What becomes of functions and classes of this library itself: those with an export go by its name. */
import { exportReference, sourceFileUrl } from '../../function-reference.ts';
import { ownValue } from '../../object-class.ts';
import { withoutQuery } from '../../reference/main-script.ts';
import { isOwnFile } from '../own-files.ts';
import { readFunctions } from '../v8/scope-reader.ts';
import { scriptUrl } from '../v8/scripts.ts';
import { refused } from './capturing.ts';
import type { Draft } from './draft.ts';
import { refuseOwnCode, refuseOwnObject } from './refusals.ts';
import { withoutInspector } from './without-inspector.ts';

/** Whether V8's name of a script is that of a file of this library. */
export function isOwnScript(url: string): boolean {
  const file = url === '' ? undefined : sourceFileUrl(url);
  return file !== undefined && isOwnFile(file);
}

const ownClasses = new WeakMap<object, boolean>();

/** Whether a class is one of this library. */
export function isOwnClass(made: object): boolean {
  const known = ownClasses.get(made);
  if (known !== undefined) return known;
  const found = withoutInspector(() => {
    const scriptId = readFunctions([made])[0]?.scriptId ?? null;
    return scriptId !== null && isOwnScript(scriptUrl(scriptId));
  });
  ownClasses.set(made, found === true);
  return found === true;
}

/** The draft of a function or class of this library. Of its classes only errors mean something elsewhere. */
export function ownDraft(fn: object): Draft {
  const reference = exportReference(fn);
  if (isClass(fn) && !(ownValue(fn, 'prototype') instanceof Error)) return refused(refuseOwnObject(fn));
  if (reference === undefined) return refused(refuseOwnCode(fn));
  return { k: 'module', specifier: withoutQuery(reference.url), name: reference.name, from: null };
}

function isClass(fn: object): boolean {
  return /^class\b/u.test(Function.prototype.toString.call(fn));
}

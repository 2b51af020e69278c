/** Tells functions of V8 and of addons from those of programs. */

/** Whether a function has no JavaScript text. */
export function isNativeCode(fn: object): boolean {
  return Function.prototype.toString.call(fn).endsWith('{ [native code] }');
}

/** A function by reference that is given functions. */
export const apply = (fn, ...args) => fn(...args);

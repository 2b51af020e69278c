/** A module that awaits at its top: its variables are there, and its functions travel. */
const value = await Promise.resolve('awaited');
const late = await (async () => {
  await new Promise((resolve) => setImmediate(resolve));
  return { n: 1 };
})();
let assigned = await Promise.resolve(1);
const add = () => (assigned += late.n);
export const exported = () => value.toUpperCase();

export const cases = [
  { name: 'a variable that was awaited', run: (pool) => pool.submit(() => value), expect: 'awaited' },
  { name: 'an object that was awaited', run: (pool) => pool.submit(() => late), expect: { n: 1 } },
  {
    name: 'an assigned variable that was awaited',
    run: (pool) => pool.submit(() => [add(), assigned]),
    expect: [2, 2],
  },
  { name: 'an export of a module that awaits', run: (pool) => pool.submit(exported), expect: 'AWAITED' },
  {
    name: 'an export of a module that awaits, captured',
    run: (pool) => pool.submit(() => exported()),
    expect: 'AWAITED',
  },
];

/** The calls whose closures are measured: each entry gives a function to submit, which takes a number. */
import { noop } from './tasks.mjs';

const factor = 3;
const limits = { least: 0, greatest: 10 };

function scaled(value) {
  return value * factor;
}

class Point {
  constructor(x) {
    this.x = x;
  }

  movedBy(distance) {
    return new Point(this.x + distance);
  }
}

const point = new Point(3);

function withThree() {
  const [one, two, three] = [1, 'two', { three: 3 }];
  return (value) => [value, one, two, three];
}

function withTwenty() {
  const [a, b, c, d, e, f, g, h, i, j] = [1, 2, 3, 4, 5, 'six', 'seven', 'eight', [9], { ten: 10 }];
  const [k, l, m, n, o, p, q, r, s, t] = [11, 12, 13, 14, 15, 'a', 'b', 'c', [19], { twenty: 20 }];
  return (value) => [value, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t];
}

const repeated = (value) => scaled(value) + limits.least + limits.greatest;

/** `make` gives what is submitted: mostly a new closure each time, as in a loop. */
export const closures = [
  { name: 'by reference', make: () => noop },
  { name: 'no captures', make: () => (value) => value + 1 },
  { name: '3 captures', make: withThree },
  { name: '20 captures', make: withTwenty },
  { name: 'a helper that it calls', make: () => (value) => scaled(value) },
  { name: 'a class and an instance', make: () => (value) => [new Point(value), point.movedBy(value)] },
  { name: 'the same function, a helper', make: () => repeated },
];

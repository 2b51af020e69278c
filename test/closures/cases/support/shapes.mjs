/** Exports that cases import, which go by reference. */
const rate = 0.19;
export const state = { touched: 0 };
export const addTax = (price) => price * (1 + rate);
export const touch = () => (state.touched += 1);

export class Shape {
  constructor(width, height) {
    this.width = width;
    this.height = height;
  }
  area() {
    return this.width * this.height;
  }
}

export default function (x) {
  return `default ${x}`;
}

/** Exports another module's export under another name. */
export { addTax as renamed } from './shapes.mjs';

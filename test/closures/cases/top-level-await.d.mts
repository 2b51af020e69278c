export { cases } from './all.mjs';

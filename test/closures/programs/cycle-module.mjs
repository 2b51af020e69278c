/** Imports the main script. */
import { setting } from './cycle-main.mjs';

export const usesMain = () => setting;

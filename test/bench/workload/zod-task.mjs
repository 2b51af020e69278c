/** A task in a module that takes a while to load. */
import * as z from 'zod';

const text = z.string();

export const parse = (value) => text.parse(value);

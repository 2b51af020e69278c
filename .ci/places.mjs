/** Where things are, for the scripts of the build. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const inSource = (place) => path.join(root, 'src', place);

/** Where the child's side of this package is: `.ts` when run from source, `.js` when built. */
import { fileURLToPath } from 'node:url';

const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

export const childEntry: string = fileURLToPath(new URL(`../child/entry${extension}`, import.meta.url));

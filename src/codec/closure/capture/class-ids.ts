/** The ids of classes that travel with their text, so that a process makes each only once. */
import { OwnIds } from './own-ids.ts';

export const classIds: OwnIds<object> = new OwnIds();

/** What is measured, in the order in which it is measured and printed. */
import { burst } from './measure/burst.mjs';
import { hundredsOfMebibytes, manyMebibytes, oneMebibyte } from './measure/bytes.mjs';
import { coldStart, coldStartOfAll } from './measure/cold-start.mjs';
import { echo } from './measure/echo.mjs';
import { idleWorkers, queueDepth } from './measure/growth.mjs';
import { longMap, map } from './measure/map.mjs';
import { memory } from './measure/memory.mjs';
import { compress, factorials, minify, piEstimates } from './measure/real-work.mjs';
import { busyRecovery, idleRecovery, queuedRecovery } from './measure/recovery.mjs';
import { resize } from './measure/resize.mjs';
import { richValue } from './measure/rich-value.mjs';
import { roundTrip } from './measure/round-trip.mjs';

/**
 * Each has a name, words for the page, two sizes, its metrics, and `run(open, size)`, which resolves to
 * the metrics' values, or to `{ values, note }`. All pools take part unless it says which `kinds`, or who
 * `only`; of the floors, those it names. `roundsMax` and `limitsMs` are for what takes long.
 */
export const measurements = [
  roundTrip,
  burst,
  map,
  longMap,
  echo,
  richValue,
  oneMebibyte,
  manyMebibytes,
  hundredsOfMebibytes,
  coldStart,
  coldStartOfAll,
  idleRecovery,
  busyRecovery,
  queuedRecovery,
  resize,
  memory,
  queueDepth,
  idleWorkers,
  minify,
  compress,
  factorials,
  piEstimates,
];

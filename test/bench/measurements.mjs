/** What is measured, in the order in which it is measured and printed. */
import { burst } from './measure/burst.mjs';
import { manyMebibytes, oneMebibyte } from './measure/bytes.mjs';
import { coldStart } from './measure/cold-start.mjs';
import { echo } from './measure/echo.mjs';
import { busyRecovery, idleRecovery, queuedRecovery } from './measure/recovery.mjs';
import { roundTrip } from './measure/round-trip.mjs';

/**
 * Each has a name, words for the page, two sizes, its metrics, and `run(open, size)`, which resolves to
 * the metrics' values, or to `{ values, note }`.
 */
export const measurements = [
  roundTrip,
  burst,
  echo,
  oneMebibyte,
  manyMebibytes,
  coldStart,
  idleRecovery,
  busyRecovery,
  queuedRecovery,
];

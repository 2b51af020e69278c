/**
 * The process of one measurement of one contender: `measure-once.mjs <contender> <measurement> <size>`.
 * Its outcome goes to file descriptor 3, so that nothing a library prints can be taken for it.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { NoAnswer } from './measure/no-answer.mjs';
import { measurements } from './measurements.mjs';

const outcomeDescriptor = 3;
const closeLimitMs = 1000;
const [contenderName, measurementName, size] = process.argv.slice(2);
const opened = [];

async function measure() {
  const measurement = measurements.find(({ name }) => name === measurementName);
  const { open } = await import(`./contenders/${contenderName}.mjs`);
  const openNoted = (options) => {
    const pool = open(options);
    opened.push(pool);
    return pool;
  };
  const result = await measurement.run(openNoted, measurement.sizes[size]);
  return { kind: 'measured', ...('values' in result ? result : { values: result }) };
}

function failure(error) {
  if (error instanceof NoAnswer) return { kind: 'hang', note: error.note };
  return { kind: 'failed', note: error instanceof Error ? error.message : String(error) };
}

const outcome = await measure().catch(failure);
writeFileSync(outcomeDescriptor, JSON.stringify(outcome));
// Closing is not measured, and some close only after a while or never: the process ends either way.
const closed = Promise.allSettled(opened.map((pool) => pool.close()));
await Promise.race([closed, delay(outcome.kind === 'measured' ? closeLimitMs : 0)]);
process.exit();

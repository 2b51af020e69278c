/** Runs cases against one pool, two at a time in its workers, and says of each what came of it. */
import assert from 'node:assert';
import process from 'node:process';

const nodeMajor = Number(process.versions.node.split('.')[0]);
const refusalCode = 'ERR_TROUPE_NOT_SERIALIZABLE';

/** A case that hangs must not take the others with it. */
const patienceMs = 60_000;

/** Whether a case holds here: `traits` name what is particular about the way the program was made or started. */
function applies({ unless = [], named = false, minNode = 0, maxNode = Infinity }, traits) {
  if (named && traits.includes('minified')) return false;
  return nodeMajor >= minNode && nodeMajor <= maxNode && !unless.some((trait) => traits.includes(trait));
}

/** `{ name, ok, detail }` for each case that applies. */
export async function runCases(cases, createPool, traits = []) {
  const options = { stdio: 'ignore', task: { timeoutMs: patienceMs / 2 } };
  const pool = createPool({ ...options, maxWorkers: 2 });
  const single = createPool({ ...options, name: 'single', maxWorkers: 1 });
  try {
    const chosen = cases.filter((each) => applies(each, traits));
    return await Promise.all(chosen.map((each) => runCase(each, pool, single)));
  } finally {
    await Promise.all([pool.terminate(), single.terminate()]);
  }
}

async function runCase({ name, run, ...wanted }, pool, single) {
  const outcome = await settled(() => run(pool, { single }));
  const detail = complaintAbout(outcome, wanted);
  return { name, ok: detail === '', detail };
}

async function settled(run) {
  let timer;
  const patience = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not settle within ${patienceMs} ms`)), patienceMs);
  });
  try {
    return { value: await Promise.race([(async () => run())(), patience]) };
  } catch (error) {
    return { error, text: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Empty if all is as wanted. */
function complaintAbout(outcome, { rejects, refuses, accepts, ...wanted }) {
  if ('error' in outcome) return complaintAboutError(outcome, rejects, refuses);
  if (accepts !== undefined) return accepts(outcome.value) ? '' : `got ${show(outcome.value)}`;
  if (!('expect' in wanted)) return `got ${show(outcome.value)} in place of ${rejects ?? refuses}`;
  try {
    assert.deepStrictEqual(outcome.value, wanted.expect);
    return '';
  } catch {
    return `got ${show(outcome.value)} in place of ${show(wanted.expect)}`;
  }
}

function complaintAboutError({ error, text }, rejects, refuses) {
  if (rejects?.test(text)) return '';
  if (refuses?.test(text)) return error.code === refusalCode ? '' : `not ${refusalCode}: ${text}`;
  const wanted = rejects ?? refuses;
  return wanted === undefined
    ? `rejected: ${text}\n${stackOf(error)}`
    : `rejected, but not by ${wanted}: ${text}`;
}

/** Where it came from, without the way there. */
function stackOf(error) {
  return (error?.stack ?? '')
    .split('\n')
    .filter((line) => /^ +at /u.test(line))
    .slice(0, 4)
    .join('\n');
}

function show(value) {
  try {
    return (
      JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each)) ?? String(value)
    );
  } catch {
    return String(value);
  }
}

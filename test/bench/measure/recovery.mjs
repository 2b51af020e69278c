/** How long a pool of one worker takes to answer again after that worker was killed. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { openGate } from './gate.mjs';
import { NoAnswer } from './no-answer.mjs';
import { warmUp } from './warm-up.mjs';

const rejects = 'rejects';
const shared = {
  sizes: { full: { patienceMs: 10_000 }, quick: { patienceMs: 2000 } },
  kinds: ['process'],
  floors: [],
  metrics: [{ name: 'nextResultMs', label: 'next result', unit: 'ms', better: 'lower' }],
};

/** The worker dies with nothing to do; the pool cannot know yet when the next call arrives. */
export const idleRecovery = {
  ...shared,
  name: 'recovery-idle',
  title: 'Recovery, idle worker',
  about: 'SIGKILL to the only, idle worker and, in the same turn, a call, made again as often as it rejects.',

  async run(open, { patienceMs }) {
    const pool = await openWarm(open);
    process.kill(await pool.call('pid'), 'SIGKILL');
    return nextResult(pool, new Patience(patienceMs));
  },
};

/** The worker dies in the middle of a task; the caller tries again when that task has failed. */
export const busyRecovery = {
  ...shared,
  name: 'recovery-busy',
  title: 'Recovery, busy worker',
  about: [
    'SIGKILL to the only worker while it runs a task; once that task has settled, a call, repeated',
    'likewise. Both times count from the SIGKILL; a pool that runs the task again, unasked, fails',
    'nothing.',
  ],
  metrics: [
    { name: 'failedMs', label: 'the task has failed', unit: 'ms', better: 'lower' },
    ...shared.metrics,
  ],

  async run(open, { patienceMs }) {
    const pool = await openWarm(open);
    const { pid, settled } = await holdWorker(pool);
    const patience = new Patience(patienceMs);
    process.kill(pid, 'SIGKILL');
    const fate = await patience.wait(settled, 'the killed task never settles');
    const settledMs = patience.elapsedMs();
    const { values } = await nextResult(pool, patience);
    const failedMs = fate === rejects ? settledMs : undefined;
    return { values: { failedMs, ...values }, note: `the killed task ${fate}` };
  },
};

/** The worker dies in the middle of a task while another waits behind it; nobody submits anything more. */
export const queuedRecovery = {
  ...shared,
  name: 'recovery-queued',
  title: 'Recovery, a task waiting',
  about: 'As before, but the call is made in the same turn as the SIGKILL: it waits behind the killed task.',

  async run(open, { patienceMs }) {
    const pool = await openWarm(open);
    const { pid } = await holdWorker(pool);
    process.kill(pid, 'SIGKILL');
    return nextResult(pool, new Patience(patienceMs));
  },
};

async function openWarm(open) {
  const pool = open({ workers: 1 });
  await warmUp(pool, { workers: 1, noops: 100 });
  return pool;
}

/** Makes the worker busy; `settled` says what became of the task that did it. */
async function holdWorker(pool) {
  const gate = await openGate();
  const settled = Promise.resolve(pool.call('hold', gate.port)).then(
    () => 'runs again, unasked',
    () => rejects,
  );
  return { pid: await gate.firstPid, settled };
}

/** Calls until a call succeeds. A call that never settles is the hang we look for. */
async function nextResult(pool, patience) {
  for (let rejections = 0; ; rejections++) {
    const call = Promise.resolve(pool.call('noop'));
    const isAnswered = await patience.wait(
      call.then(
        () => true,
        () => false,
      ),
      'a call never settles',
    );
    if (isAnswered)
      return {
        values: { nextResultMs: patience.elapsedMs() },
        note: rejections > 0 ? 'calls made meanwhile reject' : '',
      };
    await delay(1);
    if (patience.elapsedMs() > patience.limitMs) throw new NoAnswer(patience.limitMs, 'every call rejects');
  }
}

/** A clock that starts when it is made, and a limit to everything that waits on it. */
class Patience {
  #startMs = performance.now();
  #over;

  constructor(limitMs) {
    this.limitMs = limitMs;
    this.#over = delay(limitMs, NoAnswer);
  }

  elapsedMs() {
    return performance.now() - this.#startMs;
  }

  async wait(promise, complaint) {
    const first = await Promise.race([promise, this.#over]);
    if (first === NoAnswer) throw new NoAnswer(this.limitMs, complaint);
    return first;
  }
}

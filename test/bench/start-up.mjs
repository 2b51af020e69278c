/** What a start costs, in rounds of fresh processes. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describeMachine, loadAverage } from './machine.mjs';

const fileAt = (place) => fileURLToPath(new URL(place, import.meta.url));
const { NODE_EXTRA_CA_CERTS: _slowsEachStart, ...env } = process.env;

/** Until the process has said something on its file descriptor 3, or has ended. */
async function processMs(args) {
  const startMs = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdio[3], 'data'), exited]);
  const ms = performance.now() - startMs;
  child.stdio[3].destroy();
  await exited;
  return ms;
}

async function round() {
  const bareMs = await processMs(['-e', '0']);
  const helloMs = await processMs([fileAt('../../dist/src/child/entry.cjs')]);
  const modulesHelloMs = await processMs([fileAt('../../dist/src/child/entry.js')]);
  const text = execFileSync(process.execPath, [fileAt('./start-up-once.mjs')], { env, encoding: 'utf8' });
  return { bareMs, helloMs, modulesHelloMs, ...JSON.parse(text) };
}

/** What `renderStartUp` shows. */
export async function measureStartUp({ rounds }) {
  const loadBefore = loadAverage();
  const values = [];
  for (let count = 0; count < rounds; count++) values.push(await round());
  return { machine: describeMachine(), loadBefore, loadAfter: loadAverage(), rounds, values };
}

/** Adds up vitest's reports: `node .ci/summary.mjs <folder of reports> [failed step]…`. Its last line is the verdict. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const [folder, ...failedSteps] = process.argv.slice(2);
const count = { passed: 0, failed: 0, skipped: 0 };

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  count.passed += report.numPassedTests;
  count.failed += report.numFailedTests + filesNotLoaded(report);
  count.skipped += report.numPendingTests + report.numTodoTests;
}

for (const name of failedSteps) console.log(`failed: ${name}`);
count.failed += failedSteps.filter((name) => !name.startsWith('tests')).length;
// Steps of tests can fail without a failed test: an unhandled error, a Node that is not to be had.
if (count.failed === 0) count.failed = failedSteps.length;
if (count.passed === 0 && count.failed === 0) count.failed = 1;

console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed === 0 ? 0 : 1;

function filesNotLoaded({ testResults }) {
  return testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
}

/**
 * Counts the tests of several vitest runs: node scripts/count-tests.js FILE..., each written by
 * vitest's json reporter. The last line is `N passed, N failed`. A test file that does not load and
 * a run without results count as a failed test each. Exits with 1 if a test failed, if none passed,
 * or if one was skipped although ELFDEPS_REQUIRE_ALL=1 forbids it.
 */
import { existsSync, readFileSync } from 'node:fs';

let [passed, failed, skipped] = [0, 0, 0];
for (const file of process.argv.slice(2)) {
  if (!existsSync(file)) {
    console.log(`no results: ${file}`);
    failed++;
    continue;
  }
  /** @type {import('vitest/node').JsonTestResults} */
  const run = JSON.parse(readFileSync(file, 'utf8'));
  // Errors outside of every test make a run fail, too.
  let failures = 0;
  for (const { status, name, assertionResults } of run.testResults) {
    const all = assertionResults.map((test) => test.status);
    const failedHere = all.filter((each) => each === 'failed').length;
    failures += failedHere === 0 && status === 'failed' ? 1 : failedHere;
    passed += all.filter((each) => each === 'passed').length;
    for (const test of assertionResults) {
      if (test.status === 'passed' || test.status === 'failed') continue;
      skipped++;
      console.log(`skipped: ${name}: ${test.fullName}`);
    }
  }
  failed += failures === 0 && !run.success ? 1 : failures;
}
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
const mayNotSkip = process.env.ELFDEPS_REQUIRE_ALL === '1';
if (failed > 0 || passed === 0 || (mayNotSkip && skipped > 0)) process.exitCode = 1;

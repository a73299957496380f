/**
 * Counts a run of vitest by its JSON report: `node count-tests.mjs REPORT EXIT-STATUS` prints "PASSED FAILED". A file that could not
 * be run, a run that ended badly for another reason, a missing report and a run without a test each count as one failure.
 */
import { readFileSync } from 'node:fs';

const [report, status] = process.argv.slice(2);
const { passed, failed } = count(readReport(report));
const isSilentFailure = failed === 0 && (passed === 0 || status !== '0');
process.stdout.write(`${passed} ${isSilentFailure ? 1 : failed}\n`);

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { testResults: [] };
  }
}

function count({ testResults }) {
  let passed = 0;
  let failed = 0;
  for (const { status, assertionResults } of testResults) {
    const failures = assertionResults.filter((test) => test.status !== 'passed').length;
    passed += assertionResults.length - failures;
    failed += failures === 0 && status !== 'passed' ? 1 : failures;
  }
  return { passed, failed };
}

import { existsSync, readFileSync } from 'node:fs';

/**
 * What a vitest run came to, from its JSON report. A file that could not run counts as one failure; so does a skipped
 * test (nothing may be left out unseen) and a run that failed without saying where.
 * @returns {{ passed: number, failed: number }}
 */
export function tally(report, exitCode) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  let [passed, failed] = [0, 0];
  for (const file of testResults) {
    const good = file.assertionResults.filter(({ status }) => status === 'passed').length;
    const bad = file.assertionResults.length - good;
    passed += good;
    failed += bad === 0 && file.status === 'failed' ? 1 : bad;
  }
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

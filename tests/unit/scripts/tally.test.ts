import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tally } from '../../../scripts/test/tally.mjs';

let dir: string;
let report: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-tally-'));
  report = join(dir, 'report.json');
});
afterEach(() => rmSync(dir, { recursive: true }));

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((test) => ({ status: test })) });
const counted = (files: ReturnType<typeof file>[], exitCode: number) => {
  writeFileSync(report, JSON.stringify({ testResults: files }));
  return tally(report, exitCode);
};

it('sums over files', () => {
  expect(counted([file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')], 1)).toEqual({ passed: 3, failed: 1 });
});

it('counts a file that could not run', () => {
  expect(counted([file('failed'), file('passed', 'passed')], 1)).toEqual({ passed: 1, failed: 1 });
});

it('counts what was left out as failed', () => {
  expect(counted([file('passed', 'passed', 'skipped', 'todo')], 0)).toEqual({ passed: 1, failed: 2 });
});

it('counts a failure that no test names', () => {
  expect(counted([file('passed', 'passed')], 1)).toEqual({ passed: 1, failed: 1 });
});

it('counts a run that left no report', () => {
  expect(tally(join(dir, 'none.json'), 0)).toEqual({ passed: 0, failed: 1 });
});

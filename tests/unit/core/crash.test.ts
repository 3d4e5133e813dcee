import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const CANARY = 'CANARY, Eva';
const CRASH = new URL('../../../electron/core/crash.ts', import.meta.url);
const GUARD = `(await import(${JSON.stringify(CRASH.href)})).leaveNothingPersonal((line) => process.stderr.write(line + '\\n'));`;
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs code in a process of its own, `name` being that of a patient. */
function run(code: string, flags: readonly string[] = []) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', code], { encoding: 'utf8', env: { ...process.env, NAME: CANARY } });
  return { status, signal, stdout, stderr };
}
const later = (code: string) => `const name = process.env.NAME; setTimeout(() => { ${code} });`;

test.each([
  ['text that is not JSON', 'JSON.parse(`${name} is not JSON`);', /crashed: SyntaxError\n {4}at JSON\.parse/],
  ['an error with the name in every place', 'class NotKnown extends TypeError { name = "NotKnown"; code = "E_KNOWN" } throw Object.assign(new NotKnown(`${name}\\n    at ${name} (there:1:1)`, { cause: new Error(name) }), { patient: name });', /crashed: NotKnown \(E_KNOWN\)\n {4}at /],
  ['an error whose words changed', 'const error = new Error(name); if (error.stack) error.message = "other words"; throw error;', /crashed: Error$/m],
  ['words alone', 'throw name;', /crashed: string thrown/],
  ['a promise that nobody waits for', 'Promise.reject(new RangeError(name));', /crashed: RangeError\n {4}at /],
])('given %s that nobody expected, when the process crashes, then its last words say what and where, and not whom', (_, code, said) => {
  const plain = run(later(code));
  expect([plain.status, plain.stderr]).toEqual([1, expect.stringContaining(CANARY)]);
  const guarded = run(GUARD + later(code));
  expect([guarded.status, guarded.stderr]).toEqual([1, expect.stringMatching(said)]);
  expect(guarded.stderr + guarded.stdout).not.toContain('CANARY');
});

test('given flags that ask for a report, when the process gets the signal for it, then none is written', () => {
  const flags = ['--report-on-signal', '--report-uncaught-exception', '--report-on-fatalerror', `--report-directory=${dir}`];
  const asked = 'process.kill(process.pid, "SIGUSR2"); setTimeout(() => {}, 1000);';
  run(GUARD + asked, flags);
  expect(readdirSync(dir)).toEqual([]);
  run(asked, flags);
  expect(readdirSync(dir)).toEqual([expect.stringMatching(/^report\./)]);
});

test('then a core dump of the process, and of what it starts, would hold no memory', () => {
  const filter = 'process.stdout.write((await import("node:child_process")).execFileSync("cat", ["/proc/self/coredump_filter"]));';
  expect(run(GUARD + filter).stdout).toBe('00000000\n');
  expect(run(filter).stdout).not.toBe('00000000\n');
});

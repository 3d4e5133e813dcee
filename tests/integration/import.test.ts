import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { envelopeSchema } from '#shared/events/envelope.ts';

const ROOT = join(import.meta.dirname, '../..');
const TABLES = join(ROOT, 'tests/fixtures/tables');
const work = mkdtempSync(join(tmpdir(), 'vigil-import-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const vigil = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [join(ROOT, 'electron/cli/vigil.ts'), 'import', ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
const events = (text: string) => text.trim().split('\n').map((line) => envelopeSchema.parse(JSON.parse(line)));

describe('vigil import', () => {
  it('writes events to a file and its summary to stdout, and reports bad rows on stderr', async () => {
    const output = join(work, 'sepsis.ndjson');
    const { code, stdout, stderr } = await vigil('--map', 'sepsis-log', join(TABLES, 'sepsis-sample.csv'), '-o', output, '--json');
    expect(code).toBe(0);
    const summary = JSON.parse(stdout) as { events: number; badRows: number };
    expect(summary.badRows).toBe(2);
    expect(events(readFileSync(output, 'utf8'))).toHaveLength(summary.events);
    expect(stderr).toMatch(/^sepsis-sample\.csv:14: 5 cells where the header has 7$/m);
  });

  it('writes nothing but events to stdout with -o -', async () => {
    const { code, stdout, stderr } = await vigil('--map', 'or-cases', join(TABLES, 'or-sample.csv'), '-o', '-', '--tenant', 'north', '--site', 'east');
    expect(code).toBe(0);
    const all = events(stdout);
    expect(all).toHaveLength(350);
    expect(all.every(({ source }) => source === '//north/east/or/or-cases')).toBe(true);
    expect(stderr).toMatch(/70 rows, 350 events, 0 bad rows/);
  });

  it('packs an output that is called .gz, with the same events', async () => {
    const packed = join(work, 'or.ndjson.gz');
    await vigil('--map', 'or-cases', join(TABLES, 'or-sample.csv'), '-o', packed);
    const plain = await vigil('--map', 'or-cases', join(TABLES, 'or-sample.csv'), '-o', '-');
    expect(gunzipSync(readFileSync(packed)).toString('utf8')).toBe(plain.stdout);
  });

  it('stops at the first bad row with --strict, by exit code 3, and leaves no file', async () => {
    const output = join(work, 'strict.ndjson');
    const { code, stderr } = await vigil('--map', 'sepsis-log', join(TABLES, 'sepsis-sample.csv'), '-o', output, '--strict');
    expect(code).toBe(3);
    expect(stderr).toMatch(/stopped at the first bad row, nothing was written/);
    expect(readdirSync(work).filter((file) => file.startsWith('strict'))).toEqual([]);
  });

  it('takes joined tables from beside the input or from --with', async () => {
    const given = await vigil('--map', 'mimic-iv-labs', join(TABLES, 'mimic/labevents.csv'), '-o', '-', '--with', `items=${join(TABLES, 'mimic/d_labitems.csv')}`);
    const beside = await vigil('--map', 'mimic-iv-labs', join(TABLES, 'mimic/labevents.csv'), '-o', '-');
    expect(events(given.stdout)[0]!.data['test']).toBe('Glucose');
    expect(beside.stdout).toBe(given.stdout);
  });

  it.each([
    ['no mapping', [join(TABLES, 'or-sample.csv'), '-o', '-'], 2, /--map/],
    ['an impossible day', ['--map', 'or-cases', join(TABLES, 'or-sample.csv'), '-o', '-', '--rebase-onto', 'today'], 2, /yyyy-MM-dd/],
    ['a mapping that is not there', ['--map', 'no-such', join(TABLES, 'or-sample.csv'), '-o', '-'], 1, /no such mapping; give a file or one of hospital-billing/],
    ['an input that is not there', ['--map', 'or-cases', join(work, 'none.csv'), '-o', '-'], 1, /none\.csv: no such file/],
    ['a table of another set', ['--map', 'or-cases', join(TABLES, 'billing-sample.csv'), '-o', '-'], 1, /names column "Encounter ID", which billing-sample\.csv does not have/],
    ['a directory that is not there', ['--map', 'or-cases', join(TABLES, 'or-sample.csv'), '-o', join(work, 'none/x.ndjson')], 1, /none/],
  ])('ends with a meaningful code and one clear line for %s', async (_, args, expectedCode, message) => {
    const { code, stderr, stdout } = await vigil(...args);
    expect(code).toBe(expectedCode);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(existsSync(join(work, 'none'))).toBe(false);
  });
});

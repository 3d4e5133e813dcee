import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataSets, type DataSet } from './independent/data-sets.ts';
import type { Expected } from './independent/expectation.ts';
import { expectedOfOrCases } from './independent/or-cases.ts';
import { partsOf } from './independent/parts.ts';
import { expectedOfSepsis } from './independent/sepsis.ts';

const ROOT = join(import.meta.dirname, '../..');
const TABLES = join(ROOT, 'tests/fixtures/tables');
const run = promisify(execFile);
const vigil = async (...args: string[]) => JSON.parse((await run(process.execPath, [join(ROOT, 'electron/cli/vigil.ts'), ...args, '--json'], { maxBuffer: 1 << 28 })).stdout) as Record<string, unknown>;

/** Real sets are given from outside; the small tables of the tests are always there. */
const given = process.env['VIGIL_PROVE_DATA'];
const orSample = join(TABLES, 'or-sample.csv');
const sepsisSample = join(TABLES, 'sepsis-sample.csv');
const sets: DataSet[] = [
  { name: 'or-sample.csv', mapping: 'or-cases', input: orSample, expected: (of = orSample) => expectedOfOrCases(of) },
  { name: 'sepsis-sample.csv', mapping: 'sepsis-log', input: sepsisSample, expected: (of = sepsisSample) => expectedOfSepsis(of) },
  ...(given ? dataSets(given) : []),
];

const parts = mkdtempSync(join(tmpdir(), 'vigil-parts-'));
afterAll(() => rmSync(parts, { recursive: true, force: true }));

describe.each([...sets, ...sets.flatMap((set) => partsOf(set, parts))])('$name, computed twice', ({ mapping, input, expected }) => {
  const work = mkdtempSync(join(tmpdir(), 'vigil-prove-'));
  const store = join(work, 'store');
  let expectation: Expected;
  let summary: Record<string, unknown>;

  beforeAll(async () => {
    expectation = expected();
    summary = await vigil('import', '--map', mapping, input, '-o', join(work, 'events.ndjson'));
    await vigil('load', join(work, 'events.ndjson'), '--data', store);
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it('accounts for every row and every case', async () => {
    expect(summary['rows']).toBe(expectation.accounted.rows);
    const state = (await vigil('state', '--data', store)) as unknown as { entities: { kind: string }[] };
    for (const [kind, count] of Object.entries(expectation.accounted.entities)) expect(state.entities.filter((entity) => entity.kind === kind).length, kind).toBe(count);
  });

  it('answers every question as the raw table does', async () => {
    for (const { metric, scope, answer } of expectation.queries) {
      const narrowed = Object.entries(scope).flatMap(([key, value]) => ['--scope', `${key}=${value}`]);
      const got = await vigil('query', metric, '--data', store, ...narrowed);
      for (const [figure, value] of Object.entries(answer)) {
        const label = `${metric} ${JSON.stringify(scope)} ${figure}`;
        if (value === null || Number.isInteger(value)) expect(got[figure], label).toBe(value);
        else expect(got[figure], label).toBeCloseTo(value, 6);
      }
    }
  });
});

describe.each(sets)('$name, without a row', ({ mapping, input }) => {
  const work = mkdtempSync(join(tmpdir(), 'vigil-prove-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const file = join(work, 'table.csv');

  it('is no events with its header alone, and refused without', async () => {
    const bytes = readFileSync(input);
    writeFileSync(file, (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8').split('\n')[0]!);
    expect(await vigil('import', '--map', mapping, file, '-o', join(work, 'events.ndjson'))).toMatchObject({ rows: 0, events: 0, badRows: 0 });
    for (const nothing of ['', '\uFEFF', '\n']) {
      writeFileSync(file, nothing);
      await expect(vigil('import', '--map', mapping, file, '-o', join(work, 'events.ndjson')), JSON.stringify(nothing)).rejects.toThrow(/table\.csv/);
    }
  });
});

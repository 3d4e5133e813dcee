import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { BadRow } from '#core/feeds/table/problems.ts';
import { guessDelimiter, openTable, type TableOptions } from '#core/feeds/table/table-reader.ts';

const dir = mkdtempSync(join(tmpdir(), 'tables-'));
afterAll(() => rmSync(dir, { recursive: true }));
let files = 0;

async function read(content: string | Buffer, options: Partial<TableOptions> = {}) {
  const path = join(dir, `${files++}.csv`);
  writeFileSync(path, content);
  const bad: BadRow[] = [];
  const table = await openTable(path, { delimiter: 'auto', encoding: 'utf8', ...options }, (row) => void bad.push(row));
  const rows = [];
  for await (const row of table.rows) rows.push(row);
  return { header: table.header, rows, cells: rows.map(({ cells }) => cells), bad };
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe('reading a table', () => {
  it('gives back every cell of a quoted table, whatever its delimiter, line ends and packing', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\t', '|', '\n', '\r\n', ' ', '7') });
    const table = fc.integer({ min: 1, max: 5 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom(',' as const, ';' as const, '\t' as const, '|' as const), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean(), async (rows, delimiter, end, bom, packed) => {
        const header = rows[0]!.map((_, i) => `column ${i}`);
        const text = (bom ? '\uFEFF' : '') + [header, ...rows].map((row) => row.map(quoted).join(delimiter) + end).join('');
        const result = await read(packed ? gzipSync(text) : text, { delimiter });
        expect(result.header).toEqual(header);
        expect(result.cells).toEqual(rows);
        expect(result.bad).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('names the line on which a row begins, past empty lines and line breaks in quotes', async () => {
    const { rows, bad } = await read('a,b\n1,2\n\n"x\ny",3\nshort\n4,5');
    expect(rows.map(({ line }) => line)).toEqual([2, 4, 7]);
    expect(bad).toEqual([expect.objectContaining({ line: 6, reason: '1 cells where the header has 2' })]);
  });

  it('goes on after a stray quote within a cell', async () => {
    expect((await read('a,b\n1,5" tube\n2,ok\n')).cells).toEqual([['1', '5" tube'], ['2', 'ok']]);
  });

  it('goes on after a huge row, and stops where a row does not end', async () => {
    const huge = 'x'.repeat(3_000_000);
    const { cells, bad } = await read(`a,b\n1,2\n"${huge}",3\n4,5\n`);
    expect(cells.map(([a]) => a!.length)).toEqual([1, huge.length, 1]);
    expect(bad).toEqual([]);
    await expect(read(`a,b\n1,2\n"${'x,y\n'.repeat(5_000_000)}`)).rejects.toThrow(/csv:\d+: the row that reaches this line is longer than 16 MB; close the quote/);
  });

  it('reports a row that is not UTF-8 instead of changing its letters', async () => {
    const { cells, bad } = await read(Buffer.from('a,b\ncaf\xe9,1\ntea,2\n', 'latin1'));
    expect({ cells, bad }).toEqual({ cells: [['tea', '2']], bad: [{ file: expect.any(String) as string, line: 2, reason: expect.stringMatching(/is not UTF-8; .*latin1/) as string }] });
  });

  it('reads Latin-1 when told to', async () => {
    expect((await read(Buffer.from('a,b\ncaf\xe9,1\n', 'latin1'), { encoding: 'latin1' })).cells).toEqual([['café', '1']]);
  });

  it.each([['a;b,c;d', ';'], ['"a,b,c"\td', '\t'], ['single', ','], ['a|b', '|']])('guesses the delimiter of %s', (header, delimiter) => {
    expect(guessDelimiter(header)).toBe(delimiter);
  });

  it('refuses an empty file, UTF-16 and a broken archive, and says what to do', async () => {
    await expect(read('')).rejects.toThrow(/first line must name the columns/);
    await expect(read(Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'))).rejects.toThrow(/save it as UTF-8/);
    await expect(read(gzipSync('a,b\n'.repeat(9000)).subarray(0, 40))).rejects.toThrow(/cannot be read to its end/);
  });
});

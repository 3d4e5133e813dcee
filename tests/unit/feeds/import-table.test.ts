import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { importedText } from '../../fixtures/import-table.ts';

const MAPPING = `
mapping: moves
version: 1
source: { name: ehr, instance: test }
time: { formats: ['yyyy-MM-dd HH:mm'], at: '{at}' }
case: { key: '{stay}', order: '{at}', state: { admitted: false, moves: 0 } }
skip:
  - { when: { what: note }, reason: a note is no event }
otherwise: 'nothing known of "{what}"'
events:
  - type: adt.admitted
    when: { what: place, case.admitted: false }
    data: { encounter: '{stay}', patient: { id: '{stay}' }, location: &place { unit: '{unit}', bed: { $bed: { unit: '{unit}' } } } }
    then: { admitted: true }
  - type: adt.transferred
    when: { what: place, case.admitted: true }
    data: { encounter: '{stay}', location: *place, from: { unit: '{previous.unit}' } }
    then: { moves: { add: 1 } }
  - type: adt.discharged
    when: { what: leave }
    data: { encounter: '{stay}', disposition: { $text: 'after {case.moves} moves' } }
`;
const TABLE = `stay,what,unit,at
a,place,4E,2026-01-01 10:00
b,place,4E,2026-01-01 09:00
a,note,,2026-01-01 11:00
a,place,MICU,2026-01-02 10:00
b,dance,,2026-01-02 11:00
a,leave,,2026-01-03 10:00
`;
const REBASE = MAPPING.replace('skip:', "rebase: { anchor: '{at}' }\nskip:");

describe('importing a table', () => {
  it('carries state through each case and gives events in order of time', async () => {
    const { events, summary } = await importedText(MAPPING, TABLE);
    expect(events.map(({ type, data }) => [type, data['encounter']])).toEqual([
      ['adt.admitted', 'b'], ['adt.admitted', 'a'], ['adt.transferred', 'a'], ['adt.discharged', 'a'],
    ]);
    expect(events.at(-1)!.data).toEqual({ encounter: 'a', disposition: 'after 1 moves' });
    expect(events[2]!.data).not.toHaveProperty('from');
    expect(summary).toMatchObject({ rows: 6, events: 4, badRows: 0, skipped: { 'a note is no event': 1, 'nothing known of "dance"': 1 } });
  });

  it('accounts for every row: it gave events, was skipped with a reason, or was bad', async () => {
    const row = fc.record({ stay: fc.constantFrom('a', 'b', ''), what: fc.constantFrom('place', 'note', 'leave', 'dance', ''), unit: fc.constantFrom('4E', ''), at: fc.constantFrom('2026-01-01 10:00', '2026-01-02 10:00', 'soon', '') });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
        const { summary, bad } = await importedText(MAPPING, `stay,what,unit,at\n${rows.map((r) => `${r.stay},${r.what},${r.unit},${r.at}\n`).join('')}`);
        const skipped = Object.values(summary.skipped).reduce((sum, n) => sum + n, 0);
        expect(summary.rows).toBe(rows.length);
        expect(summary.events + skipped + summary.badRows).toBe(rows.length);
        expect(new Set(bad.map(({ line }) => line)).size).toBe(summary.badRows);
      }),
      { numRuns: 80 },
    );
  });

  it('gives identical events from a second import and from the same rows in another order', async () => {
    const [header, ...rows] = TABLE.trim().split('\n');
    const first = await importedText(MAPPING, TABLE);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: rows.length }), async (shuffled) => {
        expect((await importedText(MAPPING, `${[header, ...shuffled].join('\n')}\n`)).events).toEqual(first.events);
      }),
      { numRuns: 20 },
    );
    expect((await importedText(MAPPING, gzipSync(TABLE), {}, 'table.csv.gz')).events).toEqual(first.events);
  });

  it('gives the same events of a row from every export that contains it', async () => {
    const more = await importedText(MAPPING, TABLE.replace('\n', '\n0,place,9W,2025-12-31 10:00\n'));
    const without = (events: typeof more.events) => events.filter(({ data }) => data['encounter'] !== '0');
    expect(without(more.events)).toEqual((await importedText(MAPPING, TABLE)).events);
  });

  it('keeps events of one moment of a case in the order of its rows', async () => {
    const table = `stay,what,unit,at\n${'MICU 4E SICU 4S'.split(' ').map((unit) => `a,place,${unit},2026-01-01 10:00\n`).join('')}`;
    const { events } = await importedText(MAPPING, table);
    const folded = [...events].reverse().sort((a, b) => a.sequence! - b.sequence!);
    expect(folded.map(({ data }) => (data['location'] as { unit: string }).unit)).toEqual(['MICU', '4E', 'SICU', '4S']);
  });

  it('tells rows apart that say the same, and keeps or skips them as the mapping wants', async () => {
    const twice = `${TABLE}a,leave,,2026-01-03 10:00\n`;
    const kept = await importedText(MAPPING, twice);
    expect(new Set(kept.events.map(({ id }) => id)).size).toBe(5);
    const skipped = await importedText(`${MAPPING}\ntable: { repeatedRows: skip }\n`, twice);
    expect(skipped.summary).toMatchObject({ events: 4, skipped: { 'repeats an earlier row in every cell': 1 } });
  });

  it('puts tenant, site, source and instance where CloudEvents wants them', async () => {
    const { events } = await importedText(MAPPING, TABLE, { tenant: 'north', site: 'main-2', instance: 'adt-1' });
    expect(events[0]).toMatchObject({ specversion: '1.0', source: '//north/main-2/ehr/adt-1', tenant: 'north', site: 'main-2', time: '2026-01-01T09:00:00.000Z' });
  });

  it('names nobody in the identity of an event', async () => {
    const { events } = await importedText(MAPPING, TABLE.replaceAll(/^a,/gm, 'MRN-4711,'));
    expect(events.filter(({ id }) => id.includes('4711'))).toEqual([]);
  });

  it('reports a bad row with file, line and reason and goes on', async () => {
    const { events, bad } = await importedText(MAPPING, `${TABLE}c,place,4E,tomorrow\nc,place,,2026-01-04 10:00\nd,leave,,2026-01-04 10:00\n`);
    expect(bad).toEqual([
      { file: 'table.csv', line: 8, reason: expect.stringMatching(/"tomorrow" is not a time of the form yyyy-MM-dd HH:mm/) },
      { file: 'table.csv', line: 9, reason: expect.stringMatching(/adt\.admitted: location/) },
    ]);
    expect(events.at(-1)!.data['encounter']).toBe('d');
  });

  it('stops at the first bad row when strict', async () => {
    await expect(importedText(MAPPING, TABLE.replace('b,place', 'b,place,x'), { strict: true })).rejects.toThrow(/table\.csv:3: 5 cells where the header has 4/);
  });

  it('gives the first free bed of a unit and marks it', async () => {
    const { events } = await importedText(MAPPING, TABLE, { beds: { '4E': ['12A', '12B'], MICU: [] } });
    expect(events.map(({ data }) => (data['location'] as { bed?: string } | undefined)?.bed)).toEqual(['12A', '12B', undefined, undefined]);
    expect(events.map(({ constructed }) => constructed)).toEqual(['bed', 'bed', 'bed', undefined]);
  });

  it('moves each case by whole days of its zone, keeps time of day, and marks it', async () => {
    const { events } = await importedText(REBASE, TABLE, { zone: 'America/New_York', rebase: { onto: '2026-03-07' } });
    // The change to daylight saving on 8 March shortens the way to the second day by an hour; the clock on the wall stays.
    expect(events.filter(({ data }) => data['encounter'] === 'a').map(({ time }) => time)).toEqual(['2026-03-07T15:00:00.000Z', '2026-03-08T14:00:00.000Z', '2026-03-09T14:00:00.000Z']);
    expect(events.every(({ constructed }) => constructed!.split(',').includes('time'))).toBe(true);
    expect((await importedText(REBASE, TABLE)).events.some(({ constructed }) => constructed?.includes('time'))).toBe(false);
  });

  it('spreads cases over days up to the given one, the same way each time', async () => {
    const many = `stay,what,unit,at\n${Array.from({ length: 40 }, (_, n) => `s${n},place,4E,20${10 + n}-05-05 10:00\n`).join('')}`;
    const onto = { rebase: { onto: '2026-01-14', spreadDays: 3 } };
    const { events } = await importedText(REBASE, many, onto);
    expect(new Set(events.map(({ time }) => time.slice(0, 10)))).toEqual(new Set(['2026-01-12', '2026-01-13', '2026-01-14']));
    expect((await importedText(REBASE, many, onto)).events).toEqual(events);
  });
});

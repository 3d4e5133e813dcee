import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAPPINGS_DIR } from '#core/feeds/table/mapping-file.ts';
import { importedBy, importedText } from '../../fixtures/import-table.ts';

const brief = (events: readonly { type: string; time: string; data: Record<string, unknown> }[], key: string) =>
  events.map(({ type, time, data }) => `${time.slice(0, 16)} ${type} ${String(data[key])}`);

describe('sepsis-log', () => {
  it('opens a new encounter of the same patient at a return and lets the first placement be the admission', async () => {
    const { events } = await importedBy('sepsis-log', 'sepsis-sample.csv');
    const ofS1 = events.filter(({ data }) => String(data['encounter']).startsWith('S1'));
    expect(brief(ofS1, 'encounter')).toEqual([
      '2014-10-22T11:15 ed.arrived S1', '2014-10-22T11:33 ed.triaged S1', '2014-10-22T11:40 lab.result-reported S1', '2014-10-22T14:00 ed.departed S1',
      '2014-10-22T14:00 adt.admitted S1', '2014-10-24T09:00 adt.transferred S1', '2014-10-30T10:00 adt.discharged S1', '2014-11-05T08:00 ed.arrived S1-R1',
    ]);
    expect(ofS1[4]!.data).toMatchObject({ location: { unit: 'P', unitKind: 'icu' } });
    expect(ofS1[5]!.data).toMatchObject({ location: { unit: 'G', unitKind: 'ward' } });
    expect(ofS1[7]!.data['patient']).toEqual({ id: 'S1' });
    expect(ofS1[3]!.constructed).toBe('event');
  });

  it('counts what has no event type, reports what cannot be read, and orders a case whatever its rows do', async () => {
    const { events, summary, bad } = await importedBy('sepsis-log', 'sepsis-sample.csv');
    expect(summary).toMatchObject({ rows: 17, badRows: 2 });
    expect(summary.skipped).toEqual({ 'no event type for activity "ER Sepsis Triage"': 1, 'no event type for activity "Something new"': 1 });
    expect(bad.map(({ line, reason }) => `${line} ${reason}`)).toEqual([expect.stringMatching(/^13 Complete Timestamp: "not a time" is not a time/), '14 5 cells where the header has 7']);
    const ofS4 = events.filter(({ data }) => data['encounter'] === 'S4');
    expect(ofS4.map(({ type }) => type)).toEqual(['ed.arrived', 'lab.result-reported', 'lab.result-reported', 'ed.departed', 'adt.admitted']);
    expect(ofS4[4]!.data['location']).toEqual({ unit: 'unknown', unitKind: 'ward' });
  });
});

describe('or-cases', () => {
  it('makes five events a case and constructs only the booking time', async () => {
    const { events, summary } = await importedBy('or-cases', 'or-sample.csv');
    expect(summary).toMatchObject({ rows: 70, events: 350, badRows: 0, constructed: 70 });
    const first = events.filter(({ data }) => data['case'] === '10001');
    expect(brief(first, 'room')).toEqual([
      '2022-01-03T00:00 or.case-scheduled 1', '2022-01-03T07:05 or.patient-in-room 1', '2022-01-03T07:32 or.case-started 1', '2022-01-03T09:05 or.case-completed 1', '2022-01-03T09:17 or.patient-out-of-room 1',
    ]);
    expect(first[0]!.data).toMatchObject({ scheduledStart: '2022-01-03T07:00:00.000Z', scheduledMinutes: 90, procedure: 'Partial ostectomy, fifth metatarsal head' });
    expect(first.map(({ constructed }) => constructed)).toEqual(['time', undefined, undefined, undefined, undefined]);
  });
});

describe('hospital-billing', () => {
  it('makes one event of every row, the nameless case and unknown words included', async () => {
    const { events, summary } = await importedBy('hospital-billing', 'billing-sample.csv');
    expect(summary).toMatchObject({ rows: 9, events: 9, badRows: 0, skipped: {} });
    expect(new Set(events.map(({ id }) => id)).size).toBe(9);
    expect(events.map(({ data }) => `${String(data['claim'])} ${String(data['status'])} ${String(data['step'])}`)).toEqual([
      'A opened NEW', 'NA opened NEW', 'A closed FIN', 'B opened NEW', 'B changed ZDBC_BEHAN', 'B changed A word nobody knows', 'B closed FIN', 'B closed FIN', 'A billed BILLED',
    ]);
    expect(events[0]!.data['specialty']).toBe('K');
  });
});

describe('mimic-iv-transfers', () => {
  it('joins consecutive emergency rows into one visit and places the decision within it', async () => {
    const { events } = await importedBy('mimic-iv-transfers', 'mimic/transfers.csv');
    const stay = events.filter(({ data }) => data['encounter'] === '100');
    expect(stay.map(({ type, time }) => `${time.slice(0, 16)} ${type}`)).toEqual([
      '2150-01-01T08:00 ed.arrived', '2150-01-01T12:30 ed.admission-decided', '2150-01-01T14:00 ed.departed', '2150-01-01T14:00 adt.admitted', '2150-01-01T14:00 icu.admitted',
      '2150-01-03T09:30 adt.transferred', '2150-01-03T09:30 icu.discharged', '2150-01-05T12:00 adt.discharged',
    ]);
    expect(stay[3]!.data).toMatchObject({ location: { unit: 'Medical Intensive Care Unit (MICU)', unitKind: 'icu', bed: '1' }, class: 'inpatient' });
    expect(stay[5]!.data).toMatchObject({ location: { unitKind: 'step_down' }, from: { unit: 'Medical Intensive Care Unit (MICU)' } });
    expect(stay[7]!.data['disposition']).toBe('HOME');
  });

  it('keeps a visit without admission as its own encounter', async () => {
    const { events } = await importedBy('mimic-iv-transfers', 'mimic/transfers.csv');
    expect(events.filter(({ data }) => data['encounter'] === 'ED-21').map(({ type }) => type)).toEqual(['ed.arrived', 'ed.departed']);
  });

  it('gives two patients of one unit on one calendar two beds', async () => {
    const { events } = await importedBy('mimic-iv-transfers', 'mimic/transfers.csv', { rebase: { onto: '2026-01-14' } });
    const beds = events.filter(({ type, data }) => type === 'adt.admitted' && data['encounter'] !== '100').map(({ data, constructed }) => [data['encounter'], (data['location'] as { bed: string }).bed, constructed]);
    expect(beds).toEqual([['300', '1', 'bed,time'], ['400', '2', 'bed,time']]);
  });

  it.each([
    ['Surgical Intensive Care Unit (SICU)', 'icu'], ['Trauma SICU (TSICU)', 'icu'], ['Neuro Surgical Intensive Care Unit (Neuro SICU)', 'icu'], ['Coronary Care Unit (CCU)', 'icu'],
    ['Cardiac Vascular Intensive Care Unit (CVICU)', 'icu'], ['Medical/Surgical Intensive Care Unit (MICU/SICU)', 'icu'], ['Intensive Care Unit (ICU)', 'icu'], ['Neuro Intermediate', 'step_down'],
    ['Medicine/Cardiology Intermediate', 'step_down'], ['Neuro Stepdown', 'step_down'], ['PACU', 'pacu'], ['Labor & Delivery', 'ward'], ['Med/Surg/GYN', 'ward'], ['Discharge Lounge', 'ward'],
  ])('takes %s for %s', async (careunit, kind) => {
    const table = `subject_id,hadm_id,transfer_id,eventtype,careunit,intime,outtime\n1,2,3,admit,${careunit},2150-01-01 08:00:00,2150-01-01 10:00:00\n`;
    const { events } = await importedText(readFileSync(join(MAPPINGS_DIR, 'mimic-iv-transfers.yaml'), 'utf8'), table);
    expect(events[0]!.data['location']).toMatchObject({ unit: careunit, unitKind: kind });
  });
});

describe('mimic-iv-labs', () => {
  it('makes one order a row and reports only what was stored', async () => {
    const { events, summary } = await importedBy('mimic-iv-labs', 'mimic/labevents.csv');
    expect(summary).toMatchObject({ rows: 3, events: 5, badRows: 0, constructed: 0 });
    expect(events.map(({ type, data }) => `${type} ${String(data['order'])} ${String(data['test'])} ${String(data['priority'])}`)).toEqual([
      'lab.specimen-collected 1 Glucose STAT', 'lab.result-reported 1 Glucose STAT', 'lab.specimen-collected 2 50971 ROUTINE', 'lab.specimen-collected 3 Glucose unspecified', 'lab.result-reported 3 Glucose unspecified',
    ]);
    expect(events[0]!.data['encounter']).toBe('100');
    expect(events[3]!.data['encounter']).toBeUndefined();
  });
});

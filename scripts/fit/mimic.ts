import { join } from 'node:path';
import type { Finding } from './finding.ts';
import { duration, frequencies, part } from './finding.ts';
import type { Row } from './read.ts';
import { grouped, hourOfDay, minute, rows } from './read.ts';

const DAY = 1440;
/** Invasive ventilation in icu/d_items. */
const VENTILATION = '225792';
/** DICOM modality by the subtype of an order; interventions and nuclear medicine are left out. */
const MODALITY: Record<string, string> = { 'General Xray': 'DX', 'CT Scan': 'CT', Ultrasound: 'US', 'Noninvasive Vascular': 'US', MRI: 'MR' };

type Mimic = { findings: Finding[]; imaging: Record<string, number>; patientDays: number; stays: number };

/** MIMIC-IV demo: laboratory, orders and movements of patients of whom most were in intensive care. */
export function mimic(data: string): Mimic {
  const read = (name: string) => rows(join(data, 'mimic-iv-demo-2.2', `${name}.csv.gz`));
  const admissions = read('hosp/admissions');
  const orders = read('hosp/poe');
  const icuStays = read('icu/icustays');
  const patientDays = admissions.reduce((sum, row) => sum + span(row, 'admittime', 'dischtime'), 0) / DAY;
  const imaging = Object.fromEntries(['DX', 'CT', 'US', 'MR'].map((modality) => [modality, orders.filter((row) => fresh(row) && MODALITY[row['order_subtype']!] === modality).length]));
  return {
    patientDays,
    stays: admissions.length,
    imaging,
    findings: [...laboratory(read('hosp/labevents')), ...ordered(orders, patientDays), ...moved(read('hosp/transfers'), admissions, orders), ...intensive(icuStays, read('icu/procedureevents'))],
  };
}

const set = { from: 'mimic-iv-demo' } as const;
const span = (row: Row, from: string, to: string): number => minute(row[to]!) - minute(row[from]!);
const fresh = (row: Row): boolean => row['transaction_type'] === 'New';

function laboratory(events: readonly Row[]): Finding[] {
  const reported = events.filter((row) => row['storetime'] !== '');
  const turnaround = (priority: string) => reported.filter((row) => row['priority'] === priority).map((row) => span(row, 'charttime', 'storetime'));
  const specimens = [...grouped(reported, (row) => `${row['specimen_id']}|${row['priority']}`).values()];
  const urgent = specimens.filter((list) => list[0]!['priority'] === 'STAT').length;
  const routine = specimens.filter((list) => list[0]!['priority'] === 'ROUTINE').length;
  const hours = new Array<number>(24).fill(0);
  for (const [first] of specimens) if (first!['hadm_id'] !== '') hours[hourOfDay(minute(first!['charttime']!))]! += 1;
  return [
    duration(turnaround('STAT'), { ...set, title: 'laboratory turnaround, STAT', unit: 'min', observed: 'lab.turnaround@STAT' }),
    duration(turnaround('ROUTINE'), { ...set, title: 'laboratory turnaround, routine', unit: 'min', observed: 'lab.turnaround@routine' }),
    duration(turnaround(''), { ...set, title: 'laboratory turnaround, at the bedside (no priority)', unit: 'min' }),
    duration(specimens.map((list) => list.length), { ...set, title: 'tests of a specimen', unit: 'tests' }),
    part(urgent, urgent + routine, { ...set, title: 'specimens sent as STAT', unit: 'share' }, 'lab.stat'),
    frequencies(hours, { ...set, title: 'specimens of inpatients by hour of day', unit: 'weight' }, 'lab.byHour'),
  ];
}

function ordered(orders: readonly Row[], patientDays: number): Finding[] {
  const news = (type: string) => orders.filter((row) => row['order_type'] === type && fresh(row));
  const perDay = (type: string, path: string): Finding => {
    const n = news(type).length;
    return { ...set, title: `orders a patient-day, ${type}`, unit: 'orders', n, parameter: { path, value: Number((n / patientDays).toFixed(2)), note: 'patients of whom half were in intensive care' } };
  };
  const withdrawn = (type: string, path: string): Finding =>
    part(orders.filter((row) => row['order_type'] === type && row['transaction_type'] === 'D/C').length, news(type).length, { ...set, title: `orders withdrawn, ${type}`, unit: 'share' }, path);
  const byHour = new Array<number>(24).fill(0);
  for (const row of news('Medications')) byHour[hourOfDay(minute(row['ordertime']!))]! += 1;
  return [
    perDay('Lab', 'lab.perInpatientDay'),
    withdrawn('Lab', 'lab.cancelled'),
    perDay('Radiology', ''),
    withdrawn('Radiology', 'imaging.cancelled'),
    perDay('Medications', 'pharmacy.perInpatientDay'),
    withdrawn('Medications', 'pharmacy.cancelled'),
    frequencies(byHour, { ...set, title: 'medication orders by hour of day', unit: 'weight' }, 'pharmacy.byHour'),
  ];
}

function moved(transfers: readonly Row[], admissions: readonly Row[], orders: readonly Row[]): Finding[] {
  const kept = transfers.filter((row) => row['eventtype'] !== 'discharge' && row['outtime'] !== '');
  const daysIn = (kind: string) => kept.filter((row) => kindOf(row['careunit']!) === kind).map((row) => span(row, 'intime', 'outtime') / DAY);
  const steps = [...grouped(transfers.filter((row) => row['hadm_id'] !== ''), (row) => row['hadm_id']!).values()].flatMap((list) => {
    const kinds = list.sort((a, b) => minute(a['intime']!) - minute(b['intime']!)).map((row) => (row['eventtype'] === 'discharge' ? 'home' : kindOf(row['careunit']!)));
    return kinds.slice(1).map((to, i) => ({ from: kinds[i]!, to }));
  });
  const next = (from: string, to: string): [number, number] => {
    const all = steps.filter((step) => step.from === from);
    return [all.filter((step) => step.to === to).length, all.length];
  };
  const left = new Map(admissions.map((row) => [row['hadm_id']!, minute(row['dischtime']!)]));
  const leads = orders.filter((row) => row['order_type'] === 'ADT orders' && row['order_subtype'] === 'Discharge' && fresh(row)).map((row) => left.get(row['hadm_id']!)! - minute(row['ordertime']!));
  const inEd = admissions.filter((row) => row['edregtime'] !== '').map((row) => span(row, 'edregtime', 'edouttime'));
  const hospital = admissions.map((row) => span(row, 'admittime', 'dischtime') / DAY);
  return [
    duration(inEd, { ...set, title: 'stay in the emergency department, admitted patients', unit: 'min' }),
    duration(hospital, { ...set, title: 'stay in the hospital', unit: 'd' }),
    duration(daysIn('ward'), { ...set, title: 'stay on one ward', unit: 'd' }),
    duration(daysIn('icu'), { ...set, title: 'stay in one intensive care unit', unit: 'd' }),
    duration(daysIn('pacu'), { ...set, title: 'stay in recovery', unit: 'd' }),
    duration(leads, { ...set, title: 'discharge order to leaving', unit: 'min', observed: 'discharge.order_to_leaving' }, 'inpatient.dischargePending'),
    part(...next('ward', 'icu'), { ...set, title: 'ward stays that end in intensive care', unit: 'share' }, ''),
    part(...next('ward', 'ward'), { ...set, title: 'ward stays that end on another ward', unit: 'share' }, ''),
    part(...next('icu', 'icu'), { ...set, title: 'intensive care stays that end in another such unit', unit: 'share' }, ''),
    part(...next('icu', 'home'), { ...set, title: 'intensive care stays that end the hospital stay', unit: 'share' }, ''),
    part(admissions.filter((row) => row['hospital_expire_flag'] === '1').length, admissions.length, { ...set, title: 'hospital stays that end in death', unit: 'share' }, ''),
  ];
}

function intensive(stays: readonly Row[], procedures: readonly Row[]): Finding[] {
  const ventilation = procedures.filter((row) => row['itemid'] === VENTILATION);
  const ventilated = new Set(ventilation.map((row) => row['stay_id']));
  return [
    duration(stays.map((row) => Number(row['los'])), { ...set, title: 'stay in intensive care', unit: 'd', observed: 'icu.stay' }, 'inpatient.icuDays'),
    part(ventilated.size, stays.length, { ...set, title: 'intensive care stays with invasive ventilation', unit: 'share' }, 'inpatient.ventilated'),
    duration(ventilation.map((row) => span(row, 'starttime', 'endtime') / 60), { ...set, title: 'invasive ventilation', unit: 'h' }),
  ];
}

function kindOf(unit: string): string {
  if (unit.startsWith('Emergency Department') && !unit.includes('Observation')) return 'ed';
  if (/ICU|Coronary Care/.test(unit)) return 'icu';
  return unit === 'PACU' ? 'pacu' : unit === 'Discharge Lounge' ? 'lounge' : 'ward';
}


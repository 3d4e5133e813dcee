import { join } from 'node:path';
import type { Finding } from './finding.ts';
import { duration, part } from './finding.ts';
import { grouped, minute, rows } from './read.ts';

const DAY = 1440;
/** Steps that follow one another less often are not shown. */
const SELDOM = 100;
const END = 'end';

type Step = { at: number; name: string };
export type Branch = { from: string; to: string; n: number; share: number; p50?: number; p90?: number };

/** Billing cases: how long from stage to stage, what follows what, how often work is done again. */
export function billing(data: string): { findings: Finding[]; branches: Branch[]; cases: number } {
  const all = rows(join(data, 'hospital-billing-4tu/hospital_billing.csv.gz'));
  const cases = [...grouped(all, (row) => row['case_id']!).values()].map((list) => list.map((row): Step => ({ at: minute(row['timestamp']!), name: row['activity']! })));
  const moves = cases.flatMap((steps) => steps.map((step, i) => ({ from: step.name, to: steps[i + 1]?.name ?? END, days: ((steps[i + 1]?.at ?? step.at) - step.at) / DAY })));
  const billed = cases.filter((steps) => has(steps, 'BILLED'));
  const coded = cases.filter((steps) => has(steps, 'CODE OK') || has(steps, 'CODE NOK') || has(steps, 'CODE ERROR'));
  /** Days from a step to the very next one of the case, where that is `to`. */
  const next = (from: string, to: string) => moves.filter((move) => move.from === from && move.to === to).map((move) => move.days);
  const until = (from: string, to: string) =>
    cases.flatMap((steps) => {
      const start = steps.find((step) => step.name === from);
      const end = start && steps.find((step) => step.name === to && step.at >= start.at);
      return end ? [(end.at - start.at) / DAY] : [];
    });
  const set = { from: 'hospital-billing', unit: 'd' } as const;
  const share = { ...set, unit: 'share' } as const;
  return {
    cases: cases.length,
    branches: branches(moves),
    findings: [
      duration(until('NEW', 'FIN'), { ...set, title: 'claim opened to closed', observed: 'rcm.opened_to_closed' }, 'revenue.days.close'),
      duration(until('FIN', 'RELEASE'), { ...set, title: 'closed to released' }),
      duration(until('RELEASE', 'CODE OK'), { ...set, title: 'released to coded', observed: 'rcm.released_to_coded' }, 'revenue.days.code'),
      duration(until('CODE OK', 'BILLED'), { ...set, title: 'coded to billed', observed: 'rcm.coded_to_billed' }, 'revenue.days.bill'),
      duration(next('CODE OK', 'REOPEN'), { ...set, title: 'coded to reopened' }, 'revenue.days.reopen'),
      duration(next('BILLED', 'STORNO'), { ...set, title: 'billed to invoice cancelled' }, 'revenue.days.cancelInvoice'),
      duration(next('STORNO', 'BILLED'), { ...set, title: 'invoice cancelled to billed again' }, 'revenue.days.billAgain'),
      duration(next('NEW', 'DELETE'), { ...set, title: 'opened to deleted' }, 'revenue.days.delete'),
      duration(until('NEW', 'BILLED'), { ...set, title: 'claim opened to billed', observed: 'rcm.claim_cycle_days' }),
      part(coded.filter((steps) => has(steps, 'CODE NOK') || has(steps, 'CODE ERROR')).length, coded.length, { ...share, title: 'coded claims once incomplete or in error' }, 'revenue.codingIncomplete'),
      part(billed.filter((steps) => has(steps, 'REJECT')).length, billed.length, { ...share, title: 'billed claims once rejected' }, 'revenue.rejected'),
      part(billed.filter((steps) => has(steps, 'STORNO')).length, billed.length, { ...share, title: 'billed claims with an invoice cancelled' }, 'revenue.invoiceCancelled'),
      part(billed.filter((steps) => has(steps, 'REOPEN')).length, billed.length, { ...share, title: 'billed claims once reopened' }, 'revenue.reopened'),
      part(cases.filter((steps) => has(steps, 'DELETE')).length, cases.length, { ...share, title: 'claims deleted' }, 'revenue.deleted'),
      part(cases.length - billed.length, cases.length, { ...share, title: 'claims never billed in the log' }, ''),
    ],
  };
}

const has = (steps: readonly Step[], name: string): boolean => steps.some((step) => step.name === name);

function branches(moves: readonly { from: string; to: string; days: number }[]): Branch[] {
  const from = new Map([...grouped(moves, (move) => move.from)].map(([name, list]) => [name, list.length]));
  return [...grouped(moves, (move) => `${move.from}|${move.to}`).values()]
    .filter((list) => list.length >= SELDOM)
    .map((list) => {
      const { from: step, to } = list[0]!;
      const days = list.map((move) => move.days).sort((a, b) => a - b);
      const at = (p: number) => days[Math.floor(p * (days.length - 1))]!;
      return { from: step, to, n: list.length, share: list.length / from.get(step)!, ...(to !== END && { p50: at(0.5), p90: at(0.9) }) };
    })
    .sort((a, b) => from.get(b.from)! - from.get(a.from)! || b.n - a.n);
}

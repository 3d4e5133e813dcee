import { rcmEvents } from '#shared/events/types/rcm.ts';
import { areaOf } from '../area.ts';
import { assign } from '../change.ts';
import type { RcmEvent, RcmEventOf } from './events.ts';
import type { AccountState } from './state.ts';

const DAY = 86_400_000;

/** When the round before was reported: a correction within the day is the same round. */
const roundBefore = (last: AccountState['balance'], time: number): number | undefined =>
  last && time - last.reportedAt < DAY ? last.reportedBeforeAt : last?.reportedAt;

function balance(state: AccountState, { data, time }: RcmEventOf<'rcm.ar-balance-reported'>): AccountState {
  const { payer, buckets, dischargedNotFinalBilledGross } = data;
  // A report is whole: an amount that it leaves out must not look as fresh as its time.
  return { payer, balance: assign<NonNullable<AccountState['balance']>>({ reportedAt: time, buckets }, { dischargedNotFinalBilledGross, reportedBeforeAt: roundBefore(state.balance, time) }) };
}

/** Gross and net may come in reports of their own; the newest word on each counts. */
function revenue(state: AccountState, { data, time }: RcmEventOf<'rcm.revenue-reported'>): AccountState {
  const { day, payer, grossRevenue, netRevenue } = data;
  const told = { ...state.revenue, day, reportedAt: time };
  return assign({ ...state, revenue: assign<NonNullable<AccountState['revenue']>>(told, { gross: grossRevenue, net: netRevenue }) }, { payer });
}

function fold(state: AccountState = {}, any: RcmEvent): AccountState {
  const event = any as RcmEventOf<'rcm.ar-balance-reported' | 'rcm.revenue-reported'>;
  return event.type === 'rcm.ar-balance-reported' ? balance(state, event) : revenue(state, event);
}

/** Receivables of each payer and revenue of each day, as last reported. */
export const accounts = areaOf({ kind: 'account', events: rcmEvents }, fold);

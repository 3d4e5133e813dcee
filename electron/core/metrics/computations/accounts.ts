import { AR_BUCKETS } from '#shared/metrics/definitions/rcm.ts';
import type { AccountState } from '../../domain/rcm/state.ts';
import { hasHappened, known, unknown, type Context, type Value, type ValueOf } from '../context.ts';
import { siteDays } from '../days.ts';
import { DAY } from '../durations.ts';
import { arDays, dnfbDays, mean } from '../formulas/ratios.ts';

/** Revenue is averaged over a quarter, as one day's or one month's swings with its working days. Common practice. */
const REVENUE_DAYS = 90;

const inScope = ({ scope }: Context, payer: string | undefined) => (scope.payer ?? payer) === payer;
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

type Balance = NonNullable<AccountState['balance']>;

/** A payer that is silent for longer than this many of its rounds while others report is told under another name, or no more. Common practice. */
const MISSED_ROUNDS = 1.5;

/** Time between the last two rounds, ms. */
const paceOf = ({ reportedAt, reportedBeforeAt }: Balance) => (reportedBeforeAt === undefined ? undefined : reportedAt - reportedBeforeAt);

/** The last balance of each payer of the scope, without payers whom the reports have left out since. */
function balances(c: Context): { readonly payer: string; readonly balance: Balance }[] {
  const told = [...c.house.all('account').values()].flatMap(({ payer, balance }) =>
    payer !== undefined && balance && hasHappened(c, balance.reportedAt) ? [{ payer, balance }] : [],
  );
  const newest = Math.max(...told.map(({ balance }) => balance.reportedAt));
  const paces = told.flatMap(({ balance }) => paceOf(balance) ?? []);
  const slowest = paces.length > 0 ? Math.max(...paces) : Infinity;
  return told.filter(({ payer, balance }) => inScope(c, payer) && newest - balance.reportedAt <= MISSED_ROUNDS * (paceOf(balance) ?? slowest));
}

const bucketsOf = (found: ReturnType<typeof balances>) => found.flatMap(({ balance }) => balance.buckets);

const NO_BALANCE = 'no rcm.ar-balance-reported event has been reported for the scope';

/**
 * Mean revenue of the reported days of the last quarter: the day's own figure, else the sum of its payers'. A day that is
 * told by payers is told whole: a payer that it does not name had no revenue on it.
 */
function averageDaily(c: Context, of: 'gross' | 'net'): number | null {
  const days = siteDays(c.house.site.timezone);
  const [first, last] = [days.dayOf(c.at - REVENUE_DAYS * DAY).date, days.dayOf(c.at).date];
  const whole = new Map<string, number>();
  const byPayer = new Map<string, number>();
  let named = false;
  for (const { payer, revenue } of c.house.all('account').values()) {
    const amount = revenue?.[of];
    if (!revenue || amount === undefined || !hasHappened(c, revenue.reportedAt)) continue;
    if (revenue.day <= first || revenue.day > last) continue;
    if (payer === undefined) whole.set(revenue.day, amount);
    else byPayer.set(revenue.day, (byPayer.get(revenue.day) ?? 0) + (inScope(c, payer) ? amount : 0));
    named ||= payer !== undefined && payer === c.scope.payer;
  }
  if (c.scope.payer !== undefined) return named ? mean([...byPayer.values()]) : null;
  return mean([...new Map([...byPayer, ...whole]).values()]);
}

/** Days of revenue, or which of the two is missing. */
function inDays(c: Context, amount: number, of: 'gross' | 'net', days: (amount: number, daily: number) => number | null): Value {
  const daily = averageDaily(c, of);
  if (daily === null) return unknown(`no ${of} revenue of the scope has been reported for the last ${REVENUE_DAYS} days`);
  const value = days(amount, daily);
  return value === null || daily < 0 ? unknown(`average daily ${of} revenue is not positive`) : known(value);
}

const dnfb: ValueOf = (c) => {
  const found = balances(c);
  const amounts = found.flatMap(({ balance }) => balance.dischargedNotFinalBilledGross ?? []);
  if (amounts.length === 0) return unknown('nobody has reported what is discharged and not final billed');
  const silent = found.filter(({ balance }) => balance.dischargedNotFinalBilledGross === undefined).map(({ payer }) => payer);
  if (silent.length > 0) return unknown(`what is discharged and not final billed has not been reported of ${silent.sort().join(', ')}`);
  return inDays(c, sum(amounts), 'gross', dnfbDays);
};

const accountsReceivableDays: ValueOf = (c) => {
  const found = balances(c);
  return found.length === 0 ? unknown(NO_BALANCE) : inDays(c, sum(bucketsOf(found)), 'net', arDays);
};

const aging: ValueOf = (c) => {
  const found = balances(c);
  if (found.length === 0) return unknown(NO_BALANCE);
  if (c.scope.bucket === undefined) return known(sum(bucketsOf(found)));
  const bucket = AR_BUCKETS.indexOf(c.scope.bucket as (typeof AR_BUCKETS)[number]);
  return bucket < 0 ? unknown(`no bucket ${c.scope.bucket}; there are ${AR_BUCKETS.join(', ')}`) : known(sum(found.map(({ balance }) => balance.buckets[bucket]!)));
};

export const accountValues = { 'rcm.dnfb_days': dnfb, 'rcm.ar_days': accountsReceivableDays, 'rcm.ar_aging': aging } satisfies Record<string, ValueOf>;

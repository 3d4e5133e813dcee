import { describe, expect, it } from 'vitest';
import { isOpen } from '../../../electron/core/domain/open.ts';
import { isPendingAt } from '../../../electron/core/domain/rcm/progress.ts';
import type { PreauthState } from '../../../electron/core/domain/rcm/state.ts';
import { at, folded, given, happened } from './given.ts';

const rcm = { source: 'rcm' };

describe('claim', () => {
  const said = (clock: string, status: string, more: object = {}) => happened(clock, 'rcm.claim-status-changed', { claim: 'C1', status, ...more }, rcm);
  const steps = (...pairs: [string, string][]) => pairs.map(([status, clock]) => ({ status, at: at(clock) }));
  const billed = [said('08:00', 'opened', { specialty: 'A' }), said('09:00', 'billed', { payer: 'ACME' })];

  it('whose invoice was cancelled (STORNO) is not billed until it is billed again', () => {
    given(...billed).when(said('10:00', 'invoice-cancelled')).then({
      status: 'invoice-cancelled', specialty: 'A', payer: 'ACME', openedAt: at('08:00'),
      steps: steps(['opened', '08:00'], ['billed', '09:00'], ['invoice-cancelled', '10:00']),
    });
    given(...billed, said('10:00', 'invoice-cancelled')).when(said('11:00', 'billed')).then({
      status: 'billed', specialty: 'A', payer: 'ACME', openedAt: at('08:00'), billedAt: at('11:00'),
      steps: steps(['opened', '08:00'], ['billed', '09:00'], ['invoice-cancelled', '10:00'], ['billed', '11:00']),
    });
  });
  it('that is reopened (REOPEN) after it was billed or deleted is open again', () => {
    for (const end of ['billed', 'deleted']) {
      const before = [said('08:00', 'opened'), said('09:00', end)];
      expect(isOpen('claim', folded(before))).toBe(false);
      given(...before).when(said('10:00', 'reopened')).then({ status: 'reopened', openedAt: at('08:00'), steps: steps(['opened', '08:00'], [end, '09:00'], ['reopened', '10:00']) });
      expect(isOpen('claim', folded([...before, said('10:00', 'reopened')]))).toBe(true);
    }
  });
  it('whose content changed stays where it is', () => {
    given(said('08:00', 'opened')).when(said('09:00', 'changed')).then({ status: 'opened', openedAt: at('08:00'), steps: steps(['opened', '08:00'], ['changed', '09:00']) });
  });
  it('knows the step that was reported late in its place', () => {
    given(said('08:00', 'opened'), said('10:00', 'invoice-cancelled')).when(said('09:00', 'billed')).then({
      status: 'invoice-cancelled', openedAt: at('08:00'), steps: steps(['opened', '08:00'], ['billed', '09:00'], ['invoice-cancelled', '10:00']),
    });
  });
});

describe('denial', () => {
  const said = (clock: string, status: string, more: object = {}) => happened(clock, 'rcm.denial-status-changed', { denial: 'D1', claim: 'C1', status, ...more }, rcm);
  const steps = (...pairs: [string, string][]) => pairs.map(([status, clock]) => ({ status, at: at(clock) }));
  const received = said('08:00', 'received', { payer: 'ACME', reason: 'CO-197', amount: 900 });
  const known = { claim: 'C1', payer: 'ACME', reason: 'CO-197', amount: 900 };

  it('keeps what was said of it when it is appealed and overturned', () => {
    given(received, said('09:00', 'appealed')).when(said('12:00', 'overturned')).then({
      ...known, status: 'overturned', steps: steps(['received', '08:00'], ['appealed', '09:00'], ['overturned', '12:00']),
    });
  });
  it('is over when overturned or written off, and not when upheld', () => {
    const after = (status: string) => isOpen('denial', folded([received, said('09:00', status)]));
    expect(['received', 'appealed', 'upheld', 'overturned', 'written-off'].map(after)).toEqual([true, true, true, false, false]);
  });
  it('that was overturned and is denied again is open again', () => {
    const again = [received, said('09:00', 'overturned'), said('10:00', 'received', { reason: 'CO-50' })];
    expect(folded(again)).toEqual({ ...known, reason: 'CO-50', status: 'received', steps: steps(['received', '08:00'], ['overturned', '09:00'], ['received', '10:00']) });
    expect(isOpen('denial', folded(again))).toBe(true);
  });
  it('said twice is one step', () => {
    given(received).when(said('08:30', 'received')).then({ ...known, status: 'received', steps: steps(['received', '08:00']) });
  });
  it('whose receipt is reported after its appeal begins with the receipt', () => {
    given(said('09:00', 'appealed')).when(received).then({ ...known, status: 'appealed', steps: steps(['received', '08:00'], ['appealed', '09:00']) });
  });
});

describe('prior authorisation', () => {
  const said = (clock: string, status: string, more: object = {}) => happened(clock, 'rcm.preauth-status-changed', { preauth: 'PA', status, ...more }, rcm);
  const requested = said('08:00', 'requested', { payer: 'ACME', urgent: true });
  const known = { payer: 'ACME', urgent: true };

  it('waits from the first request to the decision', () => {
    given(requested, said('08:30', 'requested'), said('09:00', 'pended'))
      .when(said('11:00', 'approved'))
      .then({ ...known, status: 'approved', requests: [{ requestedAt: at('08:00'), decidedAt: at('11:00'), decision: 'approved' }] });
  });
  it('turned into its opposite keeps the time of the first decision', () => {
    given(requested, said('09:00', 'denied'))
      .when(said('12:00', 'approved'))
      .then({ ...known, status: 'approved', requests: [{ requestedAt: at('08:00'), decidedAt: at('09:00'), decision: 'approved' }] });
  });
  it('whose decision is taken back waits again', () => {
    given(requested, said('09:00', 'approved')).when(said('10:00', 'pended')).then({ ...known, status: 'pended', requests: [{ requestedAt: at('08:00') }] });
    expect(isOpen('preauth', folded([requested, said('09:00', 'approved'), said('10:00', 'pended')]))).toBe(true);
  });
  it('withdrawn waits no more, and requested again waits from then', () => {
    const withdrawn = [requested, said('09:00', 'withdrawn')];
    expect(isOpen('preauth', folded(withdrawn))).toBe(false);
    given(...withdrawn).when(said('10:00', 'requested')).then({
      ...known, status: 'requested', requests: [{ requestedAt: at('08:00'), withdrawnAt: at('09:00') }, { requestedAt: at('10:00') }],
    });
    const state = folded([...withdrawn, said('10:00', 'requested')]) as PreauthState;
    expect(['07:59', '08:00', '09:00', '09:30', '10:00'].map((clock) => state.requests.some((request) => isPendingAt(request, at(clock))))).toEqual([false, true, false, false, true]);
  });
  it('requested again after a denial is a request of its own', () => {
    given(requested, said('09:00', 'denied'), said('10:00', 'requested')).when(said('10:30', 'approved')).then({
      ...known, status: 'approved',
      requests: [{ requestedAt: at('08:00'), decidedAt: at('09:00'), decision: 'denied' }, { requestedAt: at('10:00'), decidedAt: at('10:30'), decision: 'approved' }],
    });
  });
  it('withdrawn after its approval stays decided', () => {
    given(requested, said('09:00', 'approved')).when(said('10:00', 'withdrawn')).then({
      ...known, status: 'withdrawn', requests: [{ requestedAt: at('08:00'), decidedAt: at('09:00'), decision: 'approved', withdrawnAt: at('10:00') }],
    });
  });
  it('whose request is reported after its decision waited for it', () => {
    given(said('09:00', 'approved')).when(requested).then({ ...known, status: 'approved', requests: [{ requestedAt: at('08:00'), decidedAt: at('09:00'), decision: 'approved' }] });
  });
  it('whose request nobody reported is decided and never pending', () => {
    given().when(said('09:00', 'approved')).then({ status: 'approved', requests: [{ decidedAt: at('09:00'), decision: 'approved' }] });
    expect(isPendingAt({}, at('10:00'))).toBe(false);
  });
});

describe('account', () => {
  const balance = (clock: string, more: object) => happened(clock, 'rcm.ar-balance-reported', { payer: 'ACME', buckets: [100, 50, 20, 10, 5], ...more }, rcm);
  const revenue = (clock: string, more: object) => happened(clock, 'rcm.revenue-reported', { day: '2026-01-09', ...more }, rcm);

  it('of receivables is what the last report said, whole', () => {
    given(balance('06:00', { dischargedNotFinalBilledGross: 700 }))
      .when(balance('18:00', { buckets: [90, 50, 20, 10, 6] }))
      .then({ payer: 'ACME', balance: { reportedAt: at('18:00'), buckets: [90, 50, 20, 10, 6] } });
  });
  it('of receivables knows the round before, to which a correction of the day does not count', () => {
    const other = { ...balance('06:00', {}), time: at('06:00') - 3 * 86_400_000, id: 'before' };
    const buckets = [100, 50, 20, 10, 5];
    given(other, balance('06:00', {})).when(balance('18:00', {})).then({ payer: 'ACME', balance: { reportedAt: at('18:00'), reportedBeforeAt: other.time, buckets } });
  });
  it('of receivables is not set back by an older report that comes late', () => {
    given(balance('18:00', { buckets: [90, 50, 20, 10, 6] })).when(balance('06:00', {})).then({ payer: 'ACME', balance: { reportedAt: at('18:00'), buckets: [90, 50, 20, 10, 6] } });
  });
  it('of a day takes gross and net from reports of their own, and corrections of each', () => {
    given(revenue('01:00', { grossRevenue: 2000 }), revenue('02:00', { netRevenue: 900 }))
      .when(revenue('09:00', { grossRevenue: 2100 }))
      .then({ revenue: { day: '2026-01-09', reportedAt: at('09:00'), gross: 2100, net: 900 } });
  });
  it('of a day and payer stands apart from the day', () => {
    given().when(revenue('01:00', { payer: 'ACME', netRevenue: 400 })).then({ payer: 'ACME', revenue: { day: '2026-01-09', reportedAt: at('01:00'), net: 400 } });
  });
});

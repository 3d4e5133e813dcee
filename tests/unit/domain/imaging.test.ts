import { describe, expect, it } from 'vitest';
import { isOpen } from '../../../electron/core/domain/open.ts';
import { at, folded, given, happened } from './given.ts';

const said = (clock: string, type: string, more: object = {}) => happened(clock, `imaging.${type}`, { order: 'I1', ...more }, { source: 'ris' });
const ordered = (clock = '08:00', more: object = {}) => said(clock, 'order-created', { modality: 'CT', priority: 'STAT', setting: 'ed', ...more });
const started = (clock: string) => said(clock, 'study-started');
const completed = (clock: string) => said(clock, 'study-completed');
const signed = (clock: string, status?: string) => said(clock, 'report-signed', status === undefined ? {} : { status });
const cancelled = (clock: string, reason?: string) => said(clock, 'order-cancelled', reason === undefined ? {} : { reason });
const order = { modality: 'CT', priority: 'STAT', setting: 'ed', orderedAt: at('08:00') };
const pending = (...events: Parameters<typeof folded>[0]) => isOpen('imaging-order', folded(events));

describe('imaging order', () => {
  it('goes from the order to the signed report', () => {
    given(ordered('08:00', { procedure: 'CT head', encounter: 'V1' }), said('08:20', 'study-started', { scanner: 'CT-2' }), completed('08:30'))
      .when(said('09:00', 'report-signed', { status: 'final', critical: true }))
      .then({ ...order, procedure: 'CT head', encounter: 'V1', scanner: 'CT-2', startedAt: at('08:20'), completedAt: at('08:30'), signedAt: at('09:00'), critical: true });
  });
  it('knows modality, priority and setting from whoever names them', () => {
    given(said('08:00', 'order-created')).when(said('08:30', 'study-completed', { modality: 'MR', priority: 'ROUTINE', setting: 'inpatient' }))
      .then({ modality: 'MR', priority: 'ROUTINE', setting: 'inpatient', orderedAt: at('08:00'), completedAt: at('08:30') });
  });
  it('of which only the report is seen is answered', () => {
    given().when(signed('09:00')).then({ priority: 'unspecified', signedAt: at('09:00') });
    expect(pending(signed('09:00'))).toBe(false);
  });
  it('ordered late stands in its place', () => {
    given(completed('08:30'), signed('09:00')).when(ordered()).then({ ...order, completedAt: at('08:30'), signedAt: at('09:00') });
  });
});

describe('a study that goes on', () => {
  it('in several steps can be read after the last one', () => {
    given(ordered(), started('08:20'), completed('08:30'), completed('08:45')).when(signed('09:00')).then({ ...order, startedAt: at('08:20'), completedAt: at('08:45'), signedAt: at('09:00') });
  });
  it('again cannot be read until it is complete again', () => {
    given(ordered(), started('08:20'), completed('08:30')).when(started('08:50')).then({ ...order, startedAt: at('08:20') });
    given(ordered(), started('08:20'), completed('08:30'), completed('09:10')).when(started('08:50')).then({ ...order, startedAt: at('08:20'), completedAt: at('09:10') });
  });
  it('after the report does not change what was read', () => {
    given(ordered(), completed('08:30'), signed('09:00')).when(started('09:30'), completed('09:40')).then({ ...order, startedAt: at('09:30'), completedAt: at('08:30'), signedAt: at('09:00') });
  });
});

describe('report', () => {
  it('that is preliminary leaves the order pending', () => {
    given(ordered(), completed('08:30')).when(signed('08:40', 'preliminary'), signed('08:50', 'preliminary')).then({ ...order, completedAt: at('08:30'), preliminaryAt: at('08:40') });
    expect(pending(ordered(), signed('08:40', 'preliminary'))).toBe(true);
    expect(pending(ordered(), signed('08:40', 'preliminary'), signed('09:00', 'final'))).toBe(false);
  });
  it('signed again was signed the first time', () => {
    given(ordered(), signed('09:00')).when(signed('09:30', 'final')).then({ ...order, signedAt: at('09:00') });
  });
  it('with an addendum keeps its time; the newest addendum counts', () => {
    given(ordered(), signed('09:00'), signed('10:00', 'addendum')).when(signed('11:00', 'addendum')).then({ ...order, signedAt: at('09:00'), addendedAt: at('11:00') });
  });
  it('of which only the addendum is seen was signed at a time that nobody knows', () => {
    given(ordered()).when(signed('11:00', 'addendum')).then({ ...order, addendedAt: at('11:00') });
    expect(pending(ordered(), signed('11:00', 'addendum'))).toBe(false);
    given(ordered(), signed('11:00', 'addendum')).when(signed('09:00')).then({ ...order, signedAt: at('09:00'), addendedAt: at('11:00') });
  });
});

describe('imaging order that is withdrawn', () => {
  it('is not pending, and was withdrawn the first time', () => {
    given(ordered(), cancelled('08:10', 'contrast allergy')).when(cancelled('08:20')).then({ ...order, cancelledAt: at('08:10'), cancelReason: 'contrast allergy' });
    expect(pending(ordered(), cancelled('08:10'))).toBe(false);
  });
  it('without having been seen is known, and not pending when the order comes late', () => {
    given(cancelled('08:10')).when(ordered()).then({ ...order, cancelledAt: at('08:10') });
  });
  it.each([['study-started', 'startedAt'], ['study-completed', 'completedAt'], ['report-signed', 'signedAt']])('is on again with a later %s', (type, field) => {
    given(ordered(), cancelled('08:10', 'no transport')).when(said('08:30', type)).then({ ...order, [field]: at('08:30') });
  });
  it('and made again is a new order under the old number', () => {
    given(ordered(), said('08:20', 'study-started', { scanner: 'CT-2' }), completed('08:25'), cancelled('08:30', 'motion')).when(ordered('09:00')).then({ ...order, orderedAt: at('09:00') });
  });
  it('after the report has a report', () => {
    given(ordered(), completed('08:30'), signed('09:00')).when(cancelled('09:30')).then({ ...order, completedAt: at('08:30'), signedAt: at('09:00'), cancelledAt: at('09:30') });
    expect(pending(ordered(), signed('09:00'), cancelled('09:30'))).toBe(false);
  });
});

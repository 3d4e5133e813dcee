import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { BED_STATUSES, type BedStatus } from '#shared/events/types/bed.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { KEPT_DAYS } from '#core/domain/beds/history.ts';
import { bedNow } from '#core/domain/beds/now.ts';
import type { BedState } from '#core/domain/beds/state.ts';
import { evolve } from '#core/domain/evolve.ts';
import { unexplained } from '#core/domain/own-words.ts';
import { at, folded, given, happened, houseWith } from './given.ts';

const DAY = 86_400_000;
const place = { unit: '4E', bed: '12' };
const said = (clock: string, type: string, more: object = {}, source = 'bed') => happened(clock, `bed.${type}`, { ...place, ...more }, { source });
const status = (clock: string, word: string, more: object = {}) => said(clock, 'status-changed', { status: word, ...more });
const room = (clock: string, word: string) => happened(clock, 'or.room-status-changed', { room: '1', status: word }, { source: 'or' });
const bed = {
  USED: { base: 'dirty', label: 'Used' }, 'Deep clean': { base: 'cleaning', label: 'Deep clean' }, READY: { base: 'available', label: 'Ready' },
  KAP: { base: 'blocked', label: 'Out of service', reason: 'EQ' }, HELD: { base: 'assigned', label: 'Held' }, IN: { base: 'occupied', label: 'In' },
} as const;
const statuses = { bed, room: { 'Late list': { base: 'open', label: 'Late list' } } } as const;
const now = (events: readonly DomainEvent[], site: Parameters<typeof houseWith>[0] = { statuses }) => bedNow(houseWith(site, ...events), '4E/12', at('12:00'));

describe('a word of the site\'s own', () => {
  it.each([
    ['USED', { status: 'dirty', label: 'Used' }], ['Deep clean', { status: 'cleaning', label: 'Deep clean' }], ['READY', { status: 'available', label: 'Ready' }],
    ['KAP', { status: 'blocked', label: 'Out of service', reason: 'EQ' }], ['HELD', { status: 'assigned', label: 'Held' }], ['IN', { status: 'occupied', label: 'In' }],
  ])('%s counts as what the site says it is, and keeps its name', (word, expected) => {
    expect(now([status('10:00', word)])).toMatchObject({ ...expected, since: at('10:00') });
  });
  it('that the site does not explain leaves the bed unknown, by name, whatever was said before', () => {
    expect(now([status('09:00', 'available'), status('10:00', 'XX')])).toEqual({ ...place, status: 'unknown', since: at('10:00'), word: 'XX' });
  });
  it('explains nothing once another word was said', () => {
    expect(now([status('09:00', 'XX'), status('10:00', 'dirty')])).toEqual({ ...place, status: 'dirty', since: at('10:00') });
  });
  it('does not empty a bed in which a patient is charted, if nobody knows what it means', () => {
    const admitted = happened('08:00', 'adt.admitted', { encounter: 'V1', patient: { id: 'P1' }, location: place });
    expect(now([admitted, status('09:00', 'XX')])).toMatchObject({ status: 'occupied', encounter: 'V1' });
    expect(now([admitted, status('09:00', 'XX')])).not.toHaveProperty('conflict');
    expect(now([admitted, status('09:00', 'USED')])).toMatchObject({ status: 'dirty', label: 'Used', conflict: { source: 'ehr' } });
  });
  it('is named with how many beds and rooms say so', () => {
    const house = houseWith({ statuses }, status('09:00', 'XX'), happened('09:00', 'bed.status-changed', { ...place, bed: '13', status: 'XX' }), status('09:30', 'XX'), room('09:00', 'YY'));
    expect(unexplained(house)).toEqual(['“XX” of 2 beds (4E/12, 4E/13)', '“YY” of 1 operating room (1)']);
    house.configure(siteConfigSchema.parse({ statuses: { bed: { XX: { base: 'dirty', label: 'X' } }, room: { YY: { base: 'closed', label: 'Y' } } } }));
    expect(unexplained(house)).toEqual([]);
    expect(bedNow(house, '4E/12', at('12:00'))).toMatchObject({ status: 'dirty', label: 'X' });
    expect(house.get('or-room', '1')).toMatchObject({ status: 'closed', word: 'YY' });
  });
});

describe('state', () => {
  it('holds the word, and not what it means', () => {
    const event = status('10:00', 'KAP');
    const { time, type, source, data } = event;
    given(status('09:00', 'dirty')).when(event).then({
      ...place, cleanings: [], blocks: [], cleaning: { dirtyAt: at('09:00') }, status: { value: 'unknown', since: at('10:00'), source: 'bed' }, word: 'KAP',
      own: { before: folded([status('09:00', 'dirty')]), said: [{ type, time, source, data }] },
    });
  });
  it('of a room holds the word', () => {
    given(room('09:00', 'open')).when(room('10:00', 'Late list')).then({ status: 'unknown', word: 'Late list', since: at('10:00') });
  });
  it('forgets what was said long ago, and not the word that stands', () => {
    const days = (day: number, type: string, more: object) => ({ ...said('10:00', type, more), time: at('10:00') + day * DAY });
    const long = [days(0, 'status-changed', { status: 'KAP' }), ...[KEPT_DAYS + 1, KEPT_DAYS + 2].map((day) => days(day, 'reserved', { encounter: 'V1' }))];
    expect((folded(long) as BedState).own?.said).toHaveLength(3);
    expect(now(long)).toMatchObject({ status: 'blocked', label: 'Out of service', since: at('10:00') });
    const over = [...long, days(KEPT_DAYS + 3, 'status-changed', { status: 'available' }), days(2 * KEPT_DAYS + 4, 'status-changed', { status: 'dirty' })];
    expect(folded(over)).not.toHaveProperty('own');
  });
});

/** A day of a bed; the first is said in base words. */
const day = fc.array(fc.record({
  minute: fc.nat(600), what: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...BED_STATUSES) }, fc.constantFrom('cleaning-requested', 'cleaning-started', 'cleaning-completed', 'closed', 'unblocked', 'reserved', 'released')),
  own: fc.boolean(),
}), { maxLength: 25 });
const OWN = Object.fromEntries(Object.entries(bed).map(([word, { base }]) => [base, word])) as Record<BedStatus, string>;
const other = (what: string) => (what === 'closed' ? said('06:00', 'blocked', { reason: 'RN' }) : said('06:00', what));
const isBase = (what: string): what is BedStatus => (BED_STATUSES as readonly string[]).includes(what);

it('given any day, when some of it is said in own words, then beds, cleanings and closures are as if it had been said in base words', () => {
  fc.assert(fc.property(day, (steps) => {
    const told = (own: boolean) => steps.map(({ minute, what, own: mine }, i): DomainEvent => {
      const event = isBase(what)
        ? status('06:00', own && mine ? OWN[what] : what, what === 'blocked' ? { reason: 'EQ' } : {})
        : other(what);
      return { ...event, id: String(i).padStart(3, '0'), time: event.time + minute * 60_000 };
    });
    const { word: _, own: __, ...meant } = houseWith({ statuses }, ...told(true)).get('bed', '4E/12') ?? ({} as BedState);
    expect(meant).toEqual(houseWith({}, ...told(false)).get('bed', '4E/12') ?? {});
  }));
});

it('given any day in own words, when a house goes by it event by event, then it understands what one does that reads the state at the end', () => {
  fc.assert(fc.property(day, (steps) => {
    const events = steps.map(({ minute, what }, i) => ({ ...(isBase(what) ? status('06:00', OWN[what]) : other(what)), id: String(i).padStart(3, '0'), time: at('06:00') + minute * 60_000 })).sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
    const house = houseWith({ statuses });
    for (const event of events) house.put('bed', '4E/12', evolve(house.get('bed', '4E/12'), event) as BedState);
    expect(house.get('bed', '4E/12')).toEqual(houseWith({ statuses }, ...events).get('bed', '4E/12'));
  }));
});

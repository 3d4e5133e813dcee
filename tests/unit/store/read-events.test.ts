import { expect, test } from 'vitest';
import { markEvent } from '#core/store/event-marks.ts';
import { readEvent, readEvents, readNotes, type EventFilter, type EventPlace } from '#core/store/read-events.ts';
import { readLetters } from '#core/store/read-letters.ts';
import { readLog } from '#core/store/read-log.ts';
import { trim } from '#core/store/trim.ts';
import type { SiteStore } from '#core/store/site-store.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { hospitalEvent } from '../../fixtures/hospital-stream.ts';
import { apply, stateHash, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const N = 300;

/** A store whose events came in another order than they happened. */
function store(): SiteStore {
  const made = temporaryStore();
  apply(made, Array.from({ length: N }, (_, i) => hospitalEvent(i, START + ((i * 7) % N) * MINUTE)), { now: START + N * MINUTE });
  return made;
}

/** All events that a filter fits, page by page, each page of `limit`. */
function all({ db }: SiteStore, filter: EventFilter, order: 'newest' | 'oldest' = 'oldest', limit = 7) {
  const found = [];
  for (let after: EventPlace | undefined; ; ) {
    const { events, next } = readEvents(db, { filter, order, limit, after });
    expect(events.length).toBeLessThanOrEqual(limit);
    found.push(...events);
    if (!next) return found;
    after = next;
  }
}

test('given a log, when it is listed page by page, then each event is there once, in the order asked for', () => {
  const site = store();
  const positions = Array.from({ length: N }, (_, i) => i + 1);
  expect(all(site, {}).map(({ position }) => position)).toEqual(positions);
  expect(all(site, {}, 'newest').map(({ position }) => position)).toEqual(positions.toReversed());
  const everything = all(site, {});
  const times = everything.map(({ time }) => time).sort((a, b) => a - b);
  expect(all(site, { from: START }).map(({ time }) => time)).toEqual(times);
  expect(all(site, { to: START + 100 * MINUTE }, 'newest').map(({ time }) => time)).toEqual(times.filter((time) => time <= START + 100 * MINUTE).reverse());
});

test('given filters, when events are listed, then they are those that a walk over all of them would pick', () => {
  const site = store();
  const everything = all(site, {});
  const [some] = everything;
  const [, , , , kind, instance] = some!.source.split('/');
  markEvent(site.db, some!.position, { at: START, by: 'integration' });
  const byTime = (a: { time: number; position: number }, b: { time: number; position: number }) => a.time - b.time || a.position - b.position;
  const picks: [EventFilter, (event: (typeof everything)[number]) => boolean, boolean?][] = [
    [{ type: some!.type }, ({ type }) => type === some!.type],
    [{ source: some!.source }, ({ source }) => source === some!.source],
    [{ source: kind }, ({ source }) => source.split('/')[4] === kind],
    [{ source: `${kind}/${instance}`, type: some!.type }, ({ source, type }) => source === some!.source && type === some!.type],
    [{ entity: some!.entity }, ({ entity }) => entity.kind === some!.entity.kind && entity.id === some!.entity.id, true],
    [{ entity: { kind: 'bed', id: 'nowhere' } }, () => false],
    [{ source: 'fax' }, () => false],
    [{ from: START + 50 * MINUTE, to: START + 90 * MINUTE, type: some!.type }, ({ time, type }) => time >= START + 50 * MINUTE && time <= START + 90 * MINUTE && type === some!.type, true],
    [{ processed: true }, ({ position }) => position === some!.position],
    [{ processed: false }, ({ position }) => position !== some!.position],
  ];
  for (const [filter, fits, timed] of picks) {
    const expected = everything.filter(fits);
    if (timed) expected.sort(byTime);
    expect({ filter, found: all(site, filter).map(({ position }) => position) }).toEqual({ filter, found: expected.map(({ position }) => position) });
    expect(all(site, filter, 'newest').map(({ position }) => position)).toEqual(expected.map(({ position }) => position).toReversed());
  }
});

test('given an event, when somebody marks it, marks it again and takes it back, then the first mark stands until then, and state is as it was', () => {
  const site = store();
  const hash = stateHash(site);
  expect(markEvent(site.db, 5, { at: 1, by: 'a' })).toBe(true);
  expect(markEvent(site.db, 5, { at: 2, by: 'b' })).toBe(true);
  expect(readEvent(site.db, 5)).toMatchObject({ position: 5, processed: { at: 1, by: 'a' } });
  expect(stateHash(site)).toBe(hash);
  expect(markEvent(site.db, 5, undefined)).toBe(true);
  expect(readEvent(site.db, 5)!.processed).toBeNull();
  expect(markEvent(site.db, N + 1, { at: 1, by: 'a' })).toBe(false);
  markEvent(site.db, 5, { at: 1, by: 'a' });
  trim(site.db, START + N * MINUTE, START + N * MINUTE);
  expect(readEvent(site.db, 5)).toBeUndefined();
  expect(site.db.prepare('SELECT COUNT(*) AS n FROM event_mark').get()).toEqual({ n: 0 });
});

test('given a mark that stands, when it is changed as from another, then it stays', () => {
  const site = store();
  markEvent(site.db, 5, { at: 1, by: 'a' }, null);
  for (const from of [null, { at: 2, by: 'a' }, { at: 1, by: 'b' }]) expect(() => markEvent(site.db, 5, undefined, from)).toThrow('marked by a now');
  markEvent(site.db, 5, undefined, { at: 1, by: 'a' });
  expect(() => markEvent(site.db, 5, undefined, { at: 1, by: 'a' })).toThrow('marked by nobody now');
});

test('given refused messages, when they are listed, then the newest come first, with their reasons', () => {
  const site = store();
  apply(site, ['no JSON', '{}', 'nor this']);
  const first = readLetters(site.db, { limit: 2 });
  expect(first.letters.map(({ reason }) => reason)).toEqual(['not-json', 'bad-envelope']);
  expect(readLetters(site.db, { limit: 2, before: first.next! })).toMatchObject({ letters: [{ reason: 'not-json' }] });
  expect(readLetters(site.db, { limit: 9, reason: 'bad-envelope' }).letters).toHaveLength(1);
});

test('given a log, when it is read after a position, then each page goes on where the one before ended, and another log is told apart', () => {
  const site = store();
  const positions: number[] = [];
  for (let after = 0, check: string | undefined; ; ) {
    const page = readLog(site.db, { after, check, limit: 40 });
    if (page.state !== 'page') throw new Error(page.state);
    positions.push(...page.events.map(({ position }) => position));
    expect(page.newest).toBe(N);
    if (page.events.length === 0) break;
    [after, check] = [page.next, page.check!];
  }
  expect(positions).toEqual(Array.from({ length: N }, (_, i) => i + 1));
  expect(readLog(site.db, { after: N + 1, limit: 1 })).toEqual({ state: 'other' });
  expect(readLog(site.db, { after: 3, check: '0'.repeat(64), limit: 1 })).toEqual({ state: 'other' });
});

test('given a log whose beginning was trimmed, when it is read over the gap, then that is told and not skipped, unless the reader has the very baseline', () => {
  const site = store();
  const horizon = START + 100 * MINUTE;
  trim(site.db, horizon, START + N * MINUTE);
  expect(readLog(site.db, { after: 0, limit: 1 })).toEqual({ state: 'trimmed', horizon });
  expect(readLog(site.db, { after: 1, limit: N })).toEqual({ state: 'trimmed', horizon });
  expect(readLog(site.db, { after: 0, baseline: 'a'.repeat(64), limit: N })).toEqual({ state: 'trimmed', horizon });
  const { state_hash: baseline } = site.db.prepare<[], { state_hash: string }>('SELECT state_hash FROM baseline').get()!;
  const whole = readLog(site.db, { after: 0, baseline, limit: N });
  expect(whole.state === 'page' && whole.events.every(({ time }) => time > horizon) && whole.events.length).toBe(N - 101);
});

test('given an event with free text, when it is listed or looked at, then it stands there without; its text is told by itself', () => {
  const site = temporaryStore();
  apply(site, [envelope('or.room-status-changed', START, { room: '14', status: 'closed', reason: 'Mrs Miller bleeds' })]);
  for (const event of [readEvent(site.db, 1), ...all(site, {})]) expect(event!.data).toEqual({ room: '14', status: 'closed' });
  expect(readNotes(site.db, 1)).toEqual({ reason: 'Mrs Miller bleeds' });
  expect(readNotes(site.db, 2)).toBeUndefined();
  expect(readLog(site.db, { after: 0, limit: 10 })).toMatchObject({ events: [{ data: { reason: 'Mrs Miller bleeds' } }] });
});

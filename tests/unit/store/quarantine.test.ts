import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { siteConfigSchema } from '#shared/site.ts';
import { termsOf } from '#shared/sources.ts';
import { rawMessage } from '#core/ingest/message.ts';
import { ChangedMeanwhile } from '#core/store/changed-meanwhile.ts';
import { ALL_QUARANTINED_LIMIT, QUARANTINE_LIMIT, REFUSED_LIMIT } from '#core/store/kept-aside.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore, type SiteStore } from '#core/store/site-store.ts';
import { readSources } from '#core/store/sources.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, refusals, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const EHR = '//local/main/ehr/epic-1';
const STRANGER = '//local/main/ehr/stranger';
const LISTED = siteConfigSchema.parse({ sources: [{ kind: 'ehr', instance: 'epic-1', title: 'ADT', expectedPerHour: 600, silenceLimitSeconds: 300 }] });

function siteStore(dataDir = temporaryDir(), config: Parameters<typeof openSiteStore>[0]['config'] = LISTED, withVault = true): SiteStore {
  const store = openSiteStore({ dataDir, id: DEFAULT_SITE, withVault, config });
  onTestFinished(() => store.close());
  return store;
}
const admitted = (i: number, source = STRANGER) => envelope('adt.admitted', NOW + i, { encounter: `V${i}`, patient: { id: `MRN-${i}`, name: 'Example, Eva' }, location: { unit: '4E' } }, { source, id: `admit-${i}` });
const live = { now: NOW, live: true };
const of = (store: SiteStore, uri: string) => readSources(store.db).find((record) => record.uri === uri);
function drain(store: SiteStore): number {
  let accepted = 0;
  for (let step = store.ingest.drain(NOW); step; step = store.ingest.drain(NOW)) accepted += step.accepted;
  return accepted;
}

test('given a site that lists its sources, when an unknown one speaks, then its events wait, on disk, and change nothing', () => {
  const dir = temporaryDir();
  const store = siteStore(dir);
  const empty = stateHash(store);
  expect(apply(store, [admitted(1), admitted(2)], live)).toMatchObject({ accepted: 0, waiting: 2, refused: 0, contacts: {} });
  expect(stateHash(store)).toBe(empty);
  expect(store.ingest.deadLetters.count()).toBe(0);
  store.close();
  const again = siteStore(dir);
  expect(of(again, STRANGER)).toMatchObject({ state: 'quarantined', registeredBy: 'contact', waiting: 2, lastContact: NOW, accepted: 0 });
  expect(of(again, EHR)).toMatchObject({ state: 'registered', registeredBy: 'site', title: 'ADT', expectedPerHour: 600, silenceLimitSeconds: 300, lastContact: null });
});

test('given a decision that was made from what is said no more, then it is not taken; messages say nothing of that kind', () => {
  const store = siteStore();
  const from = termsOf(of(store, EHR)!);
  apply(store, [admitted(1, EHR)], live);
  store.ingest.decide(EHR, { by: 'person', title: 'Epic', silenceLimitSeconds: null }, NOW, from);
  expect(of(store, EHR)).toMatchObject({ title: 'Epic', silenceLimitSeconds: null, expectedPerHour: 600, accepted: 1 });
  for (const stale of [from, null]) expect(() => store.ingest.decide(EHR, 'refuse', NOW, stale)).toThrow(ChangedMeanwhile);
  expect(() => store.ingest.decide(STRANGER, { by: 'person' }, NOW, from)).toThrow(ChangedMeanwhile);
  expect(of(store, STRANGER)).toBeUndefined();
  expect(of(store, EHR)).toMatchObject({ state: 'registered', title: 'Epic' });
});

test('given events that wait, when their source is accepted, then state and persons are as if it had been known from the start', () => {
  const store = siteStore();
  const events = [admitted(1), envelope('adt.discharged', NOW + 9, { encounter: 'V1' }, { source: STRANGER, id: 'd' }), admitted(2)];
  apply(store, events, live);
  expect(store.ingest.decide(STRANGER, 'accept')!.registrations).toMatchObject([{ uri: STRANGER, state: 'registered', registeredBy: 'person' }]);
  expect(drain(store)).toBe(3);
  const known = temporaryStore();
  apply(known, events, live);
  expect(stateHash(store)).toBe(stateHash(known));
  const people = (of: SiteStore) => of.db.prepare("SELECT json_extract(data, '$.patient.id') AS id FROM ops_event WHERE type = 'adt.admitted' ORDER BY position").all().map((row) => of.vault!.read((row as { id: string }).id));
  expect(people(store)).toEqual(people(known));
  expect(people(store)[0]).toMatchObject({ 'patient.name': 'Example, Eva' });
  expect(of(store, STRANGER)).toMatchObject({ waiting: 0, waitingBytes: 0, accepted: 3 });
  expect(apply(store, events, live)).toMatchObject({ accepted: 0, duplicates: 3 });
});

test('given events that wait of which one breaks its fold, when their source is accepted, then the others count, that one is set aside, and nothing waits', () => {
  const dir = temporaryDir();
  const before = siteStore(dir);
  apply(before, [admitted(1, EHR)], live);
  apply(before, [admitted(2), envelope('adt.discharged', NOW + 9, { encounter: 'V1' }, { source: STRANGER, id: 'd' }), admitted(3)], live);
  before.close();
  const store = siteStore(dir);
  store.db.prepare("UPDATE entity SET state = '{' WHERE kind = 'encounter'").run();
  store.ingest.decide(STRANGER, 'accept');
  let steps = 0;
  while (store.ingest.drain(NOW)) expect(++steps).toBeLessThan(5);
  expect(refusals(store)).toEqual(['fold-failed']);
  expect(of(store, STRANGER)).toMatchObject({ waiting: 0, accepted: 2 });
});

test('given an event far ahead of the clock that waits in quarantine, when its source is accepted, then it is held as any other, and never folds once the source is refused', () => {
  const store = siteStore();
  const DAY = 86_400_000;
  apply(store, [admitted(1), admitted(2 * DAY)], live);
  store.ingest.decide(STRANGER, 'accept');
  expect(drain(store)).toBe(1);
  expect(refusals(store)).toEqual(['ahead-of-clock']);
  store.ingest.decide(STRANGER, 'refuse');
  expect(store.ingest.release(NOW + 2 * DAY)).toMatchObject({ accepted: 0 });
  expect(refusals(store)).toEqual(['source-refused']);
  expect(of(store, STRANGER)).toMatchObject({ waiting: 0, held: 0, accepted: 1 });
});

test('given more events in quarantine than one step takes, when a new one comes between two steps, then all are there in the end', () => {
  const store = siteStore();
  apply(store, Array.from({ length: 1_200 }, (_, i) => admitted(i)), live);
  store.ingest.decide(STRANGER, 'accept');
  expect(store.ingest.drain(NOW)).toMatchObject({ accepted: 500 });
  expect(apply(store, [admitted(5_000)], live)).toMatchObject({ accepted: 1 });
  expect(drain(store)).toBe(700);
});

test('given events that wait, when their source is refused, then they are dead letters with the reason, and a replay takes them only once it is accepted', () => {
  const store = siteStore();
  apply(store, [admitted(1), admitted(2)], live);
  store.ingest.decide(STRANGER, 'refuse');
  drain(store);
  apply(store, [admitted(3), admitted(1)], live);
  expect(refusals(store)).toEqual(['source-refused', 'source-refused', 'source-refused']);
  const letters = () => store.ingest.deadLetters.choose({ reason: 'source-refused' }, 0, 10);
  expect(store.ingest.replay(letters(), NOW)).toMatchObject({ accepted: 0 });
  store.ingest.decide(STRANGER, 'accept');
  expect(store.ingest.replay(letters(), NOW)).toMatchObject({ accepted: 3 });
  expect(store.ingest.deadLetters.count()).toBe(0);
});

test('given a refused message of a source that nobody has accepted, when it can be understood after all and is replayed, then its source is known, in quarantine, and the letter waits for the decision', () => {
  const store = siteStore();
  const topic = 'vigil/v1/local/main/events/ehr/adt.admitted';
  const damaged = rawMessage({ topic, payload: Buffer.from('not JSON'), received: NOW });
  store.ingest.apply([damaged], NOW, true);
  const [letter] = store.ingest.deadLetters.choose({}, 0, 10);
  // As a later Vigil would understand it.
  store.vault!.keepBody(letter!.dead_letter_id, Buffer.from(JSON.stringify(admitted(1))), NOW + 1_000_000);
  expect(store.ingest.replay([letter!], NOW)).toMatchObject({ accepted: 0 });
  expect(of(store, STRANGER)).toMatchObject({ state: 'quarantined', registeredBy: 'contact' });
  expect(store.ingest.replay([letter!], NOW)).toMatchObject({ accepted: 0 });
  store.ingest.decide(STRANGER, 'accept');
  expect(store.ingest.replay([letter!], NOW)).toMatchObject({ accepted: 1 });
  expect(store.ingest.deadLetters.count()).toBe(0);
});

test('given a line of a file that was refused, when it can be understood after all and is replayed, then it counts as the file does', () => {
  const store = siteStore();
  apply(store, ['not JSON'], { now: NOW });
  const [letter] = store.ingest.deadLetters.choose({}, 0, 10);
  store.vault!.keepBody(letter!.dead_letter_id, Buffer.from(JSON.stringify(admitted(1))), NOW + 1_000_000);
  expect(store.ingest.replay([letter!], NOW)).toMatchObject({ accepted: 1 });
  expect(of(store, STRANGER)).toMatchObject({ state: 'registered', registeredBy: 'file' });
});

test('given an event of a refused source that is kept as a letter, when the source is accepted and delivers it again ahead of the clock, then it is held once and counts when it falls due', () => {
  const store = siteStore();
  const early = admitted(3_600_000, EHR);
  store.ingest.decide(EHR, 'refuse');
  apply(store, [early], live);
  store.ingest.decide(EHR, 'accept');
  expect(apply(store, [early], live)).toMatchObject({ accepted: 0, duplicates: 0 });
  expect(apply(store, [early], live)).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(refusals(store)).toEqual(['ahead-of-clock']);
  expect(of(store, EHR)).toMatchObject({ held: 1 });
  expect(store.ingest.release(NOW + 3_600_000)).toMatchObject({ accepted: 1 });
  expect(of(store, EHR)).toMatchObject({ held: 0, heldBytes: 0 });
  expect(apply(store, [early], live)).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(store.ingest.deadLetters.count()).toBe(0);
});

const introduces = (source: string) => envelope('source.registered', NOW, { instance: 'interface-2', title: 'Second', intervalSeconds: 15, expectedPerHour: 7 }, { source, id: source });

test('given an unknown source that registers itself, when the site quarantines, then it stays in quarantine', () => {
  const store = siteStore();
  apply(store, [introduces(STRANGER)], live);
  expect(of(store, STRANGER)).toMatchObject({ state: 'quarantined', title: null });
});

test('given a source that calls itself by another name than its CloudEvents source, when it registers, then that source is registered and no other', () => {
  const store = siteStore();
  apply(store, [introduces(EHR)], live);
  expect(of(store, EHR)).toMatchObject({ state: 'registered', title: 'Second', intervalSeconds: 15, expectedPerHour: 7 });
  expect(readSources(store.db).map(({ uri }) => uri)).not.toContain('//local/main/ehr/interface-2');
});

test('given a site that says nothing of sources, or that accepts unknown ones, when one speaks, then it counts', () => {
  for (const config of [siteConfigSchema.parse({}), { ...LISTED, unknownSources: 'accept' as const }]) {
    const store = siteStore(temporaryDir(), config);
    expect(apply(store, [admitted(1)], live)).toMatchObject({ accepted: 1, waiting: 0 });
    expect(of(store, STRANGER)).toMatchObject({ state: 'registered', registeredBy: 'contact' });
  }
});

test('given an event in quarantine, when it is delivered again, then it waits once', () => {
  const store = siteStore();
  apply(store, [admitted(1)], live);
  expect(apply(store, [admitted(1)], live)).toMatchObject({ waiting: 0, duplicates: 1 });
  expect(of(store, STRANGER)).toMatchObject({ waiting: 1, duplicates: 1 });
});

test('given an unknown source that floods, when its queue is full, then the rest is counted, one letter tells so, and others are served', () => {
  const store = siteStore();
  const flood = Array.from({ length: QUARANTINE_LIMIT.events + 300 }, (_, i) => envelope('source.heartbeat', NOW, { instance: 'stranger' }, { source: STRANGER, id: `${i}` }));
  apply(store, flood, live);
  expect(of(store, STRANGER)).toMatchObject({ waiting: QUARANTINE_LIMIT.events, overflowed: 300 });
  expect(refusals(store)).toEqual(['queue-full']);
  expect(apply(store, [admitted(1, EHR)], live)).toMatchObject({ accepted: 1 });
});

test.each([
  ['the limit of events', { waiting: ALL_QUARANTINED_LIMIT.events - 5 }, 5],
  ['the limit of bytes', { waiting_bytes: ALL_QUARANTINED_LIMIT.bytes - 1 }, 1],
  ['what the disk has left', { held_bytes: 2 ** 50 }, 0],
])('given a publisher that takes one name after another, when all that waits comes to %s, then the rest is counted, and who may speak is served', (_what, figures, room) => {
  const dir = temporaryDir();
  const before = siteStore(dir);
  apply(before, [admitted(0)], live);
  for (const [column, value] of Object.entries(figures)) before.db.prepare(`UPDATE ops_event_source SET ${column} = ? WHERE uri = ?`).run(value, STRANGER);
  before.close();
  const store = siteStore(dir);
  const names = Array.from({ length: 40 }, (_, i) => `//local/main/ehr/made-up-${i}`);
  for (let i = 0; i < names.length; i += 7) apply(store, names.slice(i, i + 7).map((name, k) => admitted(i + k + 1, name)), live);
  const made = readSources(store.db).filter(({ instance }) => instance.startsWith('made-up'));
  const kept = made.reduce((sum, one) => sum + one.waiting, 0);
  expect(kept).toBe(room);
  expect(made.reduce((sum, one) => sum + one.overflowed, 0)).toBe(names.length - kept);
  expect(store.db.prepare('SELECT COUNT(*) AS n FROM quarantined_event').get()).toEqual({ n: 1 + kept });
  expect(apply(store, [admitted(1, EHR)], live)).toMatchObject({ accepted: 1 });
});

test('given a refused source that goes on, when many of its events came, then some are kept and the rest is counted', () => {
  const store = siteStore();
  store.ingest.decide(EHR, 'refuse');
  apply(store, Array.from({ length: REFUSED_LIMIT + 50 }, (_, i) => admitted(i, EHR)), live);
  expect(of(store, EHR)).toMatchObject({ refused: REFUSED_LIMIT, overflowed: 50 });
  expect(store.ingest.deadLetters.count()).toBe(REFUSED_LIMIT + 1);
});

test('given a source that a person refused, when the site document that lists it is read again, then it stays refused', () => {
  const dir = temporaryDir();
  const store = siteStore(dir);
  store.ingest.decide(EHR, 'refuse');
  store.close();
  expect(of(siteStore(dir), EHR)).toMatchObject({ state: 'refused' });
});

test('given events about persons in quarantine, when they wait and when they are refused, then no file has a word of them', () => {
  const dir = temporaryDir();
  const store = siteStore(dir);
  const canary = envelope('adt.admitted', NOW, { encounter: 'CANARY', patient: { id: 'CANARY', name: 'CANARY' }, location: { unit: '4E' } }, { source: STRANGER });
  apply(store, [canary], live);
  const clean = () => readdirSync(dir).forEach((file) => expect(readFileSync(join(dir, file)).includes('CANARY'), file).toBe(false));
  clean();
  store.ingest.decide(STRANGER, 'refuse');
  drain(store);
  clean();
});

test('given a wall without a vault, when a source is accepted, then its state is that of one with', () => {
  const hashes = [true, false].map((withVault) => {
    const store = siteStore(temporaryDir(), LISTED, withVault);
    apply(store, [admitted(1), admitted(2)], live);
    store.ingest.decide(STRANGER, 'accept');
    expect(drain(store)).toBe(2);
    return stateHash(store);
  });
  expect(hashes[1]).toBe(hashes[0]);
});

test('given a file of an operator, when it is loaded at a site that quarantines, then its sources count', () => {
  const store = siteStore();
  expect(apply(store, [admitted(1)], { now: NOW })).toMatchObject({ accepted: 1, waiting: 0 });
  expect(of(store, STRANGER)).toMatchObject({ state: 'registered', registeredBy: 'file' });
});

test('given live events, when the figures of their source are asked, then counts and lags are right', () => {
  const store = temporaryStore();
  const at = (i: number, lag: number, id = `${i}`) => apply(store, [envelope('source.heartbeat', NOW + i, { instance: 'epic-1' }, { source: EHR, id })], { now: NOW + i + lag, live: true });
  at(0, 100);
  at(1_000, 300);
  at(1_000, 5_000, '1000');
  apply(store, [{ ...admitted(1, EHR), data: {} }], live);
  expect(of(store, EHR)).toMatchObject({ accepted: 2, duplicates: 1, refused: 1, lagMs: 300, lastEventTime: NOW + 1_000, lastContact: NOW + 6_000, firstContact: NOW + 100 });
  expect(of(store, EHR)!.smoothedLagMs).toBeCloseTo(100 + 0.1 * 200);
});

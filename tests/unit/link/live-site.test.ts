import { describe, expect, test } from 'vitest';
import { bedNow } from '#core/domain/beds/now.ts';
import { LiveSite } from '#core/link/live-site.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { FOLDED_KINDS } from '#core/domain/states.ts';
import { BEING_READ } from '#core/domain/house.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import { readHouse } from '#core/store/read-house.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { storedSiteConfig } from '#core/store/site-config.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { hospitalEvent } from '../../fixtures/hospital-stream.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-01-14T08:00:00Z');
const admitted = envelope('adt.admitted', NOW - 3 * DAY, { encounter: 'V1', patient: { id: 'MRN-1' }, location: { unit: '4E', bed: '1' } }, { id: 'in' });
const discharged = (disposition: string) => envelope('adt.discharged', NOW - DAY, { encounter: 'V1', disposition }, { id: 'out' });

function world() {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  let now = NOW;
  const glance = () => new LiveSite(storeFiles(dataDir, DEFAULT_SITE).log, DEFAULT_SITE, { mode: 'wall', speed: 1, now: () => now }, new Map());
  const open = () => {
    const site = glance();
    site.readOn();
    return site;
  };
  return { store, glance, open, to: (time: number) => void (now = time) };
}

test('given a stay that was over when the core started, when it is long ago, then memory lets go of it', () => {
  const { store, open, to } = world();
  apply(store, [admitted, discharged('home')]);
  const site = open();
  const stays = () => site.house.all('encounter').size;
  site.forgetClosed();
  expect(stays()).toBe(1);
  to(NOW + 5 * DAY);
  site.forgetClosed();
  expect(stays()).toBe(0);
});

test('given a stay that is over, when another body of its end comes to count, then it stays in memory as long as any', () => {
  const { store, open } = world();
  apply(store, [admitted, discharged('home')]);
  const site = open();
  for (let i = 0; i < 20; i++) site.apply(apply(store, [discharged(`place ${i}`)]));
  site.forgetClosed();
  expect(site.house.all('encounter').size).toBe(1);
});

describe('given a site whose present is read before what was over', () => {
  const MINUTES = 60_000;
  const before = (minutes: number) => NOW - minutes * MINUTES;
  const hospital = Array.from({ length: 4_000 }, (_, i) => hospitalEvent(i, before(6_000 - i)));
  const turnaround = (house: LiveSite['house'], from: number) => evaluate(house, { metric: 'lab.turnaround', scope: {}, at: NOW, from, to: NOW });
  const all = (house: LiveSite['house']) => Object.fromEntries(FOLDED_KINDS.map((kind) => [kind, new Map([...house.all(kind)].sort(([a], [b]) => (a < b ? -1 : 1)))]));

  test('then what is open is there at once, and a window that is not read whole is unknown, never a smaller number', () => {
    const { store, glance } = world();
    apply(store, hospital);
    const site = glance();
    const whole = readHouse(store.db, storedSiteConfig(store.db, DEFAULT_SITE));
    expect(site.whole).toBe(false);
    expect(new Map(site.house.present())).toEqual(new Map(whole.present()));
    for (const metric of ['lab.pending', 'imaging.pending', 'beds.occupancy_rate']) expect(evaluate(site.house, { metric, scope: { }, at: NOW })).toEqual(evaluate(whole, { metric, scope: {}, at: NOW }));
    expect(turnaround(site.house, before(6_000))).toMatchObject({ p50: null, reason: BEING_READ });
    while (!site.readOn(0)) {
      const { p50 } = turnaround(site.house, before(3_000)) as { p50: number | null };
      if (p50 !== null) expect(turnaround(site.house, before(3_000))).toEqual(turnaround(whole, before(3_000)));
    }
    expect(turnaround(site.house, before(6_000))).toEqual(turnaround(whole, before(6_000)));
  });

  test('then events that come between the steps count, and in the end memory holds what a later start would read', () => {
    const { store, glance, open } = world();
    apply(store, hospital);
    const site = glance();
    const rest = Array.from({ length: 4_000 }, (_, i) => hospitalEvent(4_000 + i, before(6_000) + i * MINUTES + 30_000));
    for (let i = 0; i < rest.length; i += 500) {
      site.apply(apply(store, rest.slice(i, i + 500)));
      site.readOn(0);
    }
    site.readOn();
    expect(site.whole).toBe(true);
    expect(all(site.house)).toEqual(all(open().house));
    expect(site.house.takenAt('4E/1')).toBe(open().house.takenAt('4E/1'));
    expect(site.house.vacated('4E/1')).toEqual(open().house.vacated('4E/1'));
  });
});

describe('given more that is over than memory may hold', () => {
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;
  /** Orders a minute apart up to `end`, each done within its minute. */
  const orders = (name: string, count: number, end: number) =>
    Array.from({ length: count }, (_, i) => end - (count - i) * MINUTE).flatMap((at, i) => [
      envelope('lab.order-created', at, { order: `${name}${i}`, test: 'K', priority: 'STAT' }, { id: `${name}${i}-ordered` }),
      envelope('lab.result-reported', at + 30_000 + i, { order: `${name}${i}`, test: 'K', priority: 'STAT' }, { id: `${name}${i}-done` }),
    ]);
  const done = (site: LiveSite, from: number, to = NOW) => evaluate(site.house, { metric: 'lab.order_turnaround', scope: {}, at: to, from, to });

  function small(dataDir: string, most: number) {
    let now = NOW;
    const site = new LiveSite(storeFiles(dataDir, DEFAULT_SITE).log, DEFAULT_SITE, { mode: 'wall', speed: 1, now: () => now }, new Map(), most);
    site.readOn();
    site.forgetClosed();
    return { site, to: (time: number) => void (now = time) };
  }

  test('when a core starts, then the newest are there, and who looks back further is told why not', () => {
    const dataDir = temporaryDir();
    const store = temporaryStore(dataDir);
    apply(store, orders('L', 1_200, NOW));
    const { site } = small(dataDir, 100);
    expect(site.whole).toBe(true);
    expect(site.house.all('lab-order').size).toBe(100);
    expect(done(site, NOW - 90 * MINUTE)).toMatchObject({ count: 90 });
    expect(done(site, NOW - 20 * HOUR)).toMatchObject({ p50: null, reason: expect.stringContaining('keeps in memory') as string });
  });

  test('when they come, then the oldest go, also those that were there at the start, but nothing that is open again', () => {
    const dataDir = temporaryDir();
    const store = temporaryStore(dataDir);
    apply(store, [admitted, discharged('home'), ...orders('L', 80, NOW)]);
    const { site, to } = small(dataDir, 100);
    site.apply(apply(store, [envelope('adt.discharge-cancelled', NOW - 2 * HOUR, { encounter: 'V1' }, { id: 'back' })]));
    site.apply(apply(store, orders('M', 60, NOW + HOUR)));
    to(NOW + HOUR);
    site.forgetClosed();
    expect({ stays: site.house.all('encounter').size, orders: site.house.all('lab-order').size }).toEqual({ stays: 1, orders: 100 });
    expect(done(site, NOW, NOW + HOUR)).toMatchObject({ count: 60 });
  });

  test('when enough time has gone by, then nothing is lacking any more', () => {
    const dataDir = temporaryDir();
    const store = temporaryStore(dataDir);
    apply(store, orders('L', 200, NOW));
    const { site, to } = small(dataDir, 100);
    expect(done(site, NOW - 20 * HOUR).reason).toContain('keeps in memory');
    to(NOW + 6 * DAY);
    site.forgetClosed();
    expect(done(site, NOW, NOW + 6 * DAY).reason).toContain('no complete duration');
  });
});

const later = envelope('unit.staffing-reported', NOW + 10 * DAY, { unit: '4E', staffedBeds: 20 }, { id: 'later' });
const bedOf = (site: LiveSite) => bedNow(site.house, '4E/1', NOW + 10 * DAY);
/** The same bed as the whole store knows it. */
const bedInStore = (store: ReturnType<typeof temporaryStore>) => bedNow(readHouse(store.db, storedSiteConfig(store.db, DEFAULT_SITE)), '4E/1', NOW + 10 * DAY);

describe('given a bed that was vacated and not cleaned for longer than memory keeps a stay', () => {
  /** The stay is over, and the core has let go of it: by time, or because it started afterwards. */
  const forgotten = {
    'when time goes by': () => {
      const { store, open, to } = world();
      apply(store, [admitted, discharged('home')]);
      const site = open();
      site.apply(apply(store, [later]));
      to(NOW + 10 * DAY);
      site.forgetClosed();
      return { store, site };
    },
    'when the core starts afterwards': () => {
      const { store, open, to } = world();
      apply(store, [admitted, discharged('home'), later]);
      to(NOW + 10 * DAY);
      return { store, site: open() };
    },
    'when the core starts after a rebuild': () => {
      const { store, open, to } = world();
      apply(store, [admitted, discharged('home'), later]);
      store.db.exec('UPDATE entity SET state = NULL; DELETE FROM bed_use');
      rebuild(store.db);
      to(NOW + 10 * DAY);
      return { store, site: open() };
    },
  };

  describe.each(Object.entries(forgotten))('%s', (_, begin) => {
    test('then it is dirty as in the store, and the stay takes no memory', () => {
      const { store, site } = begin();
      expect(bedOf(site)).toMatchObject({ status: 'dirty', since: NOW - DAY });
      expect(bedOf(site)).toEqual(bedInStore(store));
      expect(site.house.all('encounter').size).toBe(0);
    });
    test.each([
      ['the discharge never happened', 'adt.discharge-cancelled', 'occupied'],
      ['the patient was never admitted', 'adt.admit-cancelled', 'unknown'],
    ])('then a late word that %s counts', (_name, type, status) => {
      const { store, site } = begin();
      site.apply(apply(store, [envelope(type, NOW + 9 * DAY, { encounter: 'V1' }, { id: 'correction' })]));
      expect(bedOf(site).status).toBe(status);
      expect(bedOf(site)).toEqual(bedInStore(store));
    });
    test('then a cleaning ends it', () => {
      const { store, site } = begin();
      site.apply(apply(store, [envelope('bed.cleaning-completed', NOW + 9 * DAY, { unit: '4E', bed: '1' }, { id: 'clean' })]));
      expect(bedOf(site)).toMatchObject({ status: 'available', since: NOW + 9 * DAY });
    });
  });

  test('then the store keeps a few uses of each bed, however many there were', () => {
    const { store } = world();
    for (let i = 0; i < 40; i++) {
      const stay = { encounter: `V${i}`, patient: { id: `MRN-${i}` } };
      apply(store, [envelope('adt.admitted', NOW + 2 * i, { ...stay, location: { unit: '4E', bed: '1' } }, { id: `in${i}` }), envelope('adt.discharged', NOW + 2 * i + 1, stay, { id: `out${i}` })]);
    }
    const rows = store.db.prepare('SELECT vacated_at FROM bed_use ORDER BY vacated_at DESC').pluck().all();
    expect(rows).toEqual([39, 38, 37, 36, 35, 34, 33, 32].map((i) => NOW + 2 * i + 1));
  });
});

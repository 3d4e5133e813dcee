import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { Feeds } from '#core/link/feeds.ts';
import { definitionOf } from '#core/metrics/evaluate.ts';
import { feedsOf } from '#core/views/sources.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';
import { feed } from './world.ts';

const site = siteConfigSchema.parse({});
const HOUR = 3_600_000;
const START = Date.parse('2026-01-10T08:00:00Z');

const record = {
  instance: '1', registeredBy: 'contact', title: null, intervalSeconds: null, silenceLimitSeconds: null, expectedPerHour: null, firstContact: START, lastContact: START, lastEventTime: START,
  types: {}, lagMs: 0, smoothedLagMs: 0, accepted: 1, duplicates: 0, refused: 0, waiting: 0, waitingBytes: 0, held: 0, heldBytes: 0, overflowed: 0,
} as const;

/** A store and what the network loop knows of its sources. */
function station() {
  const store = temporaryStore();
  const feeds = new Feeds();
  const uri = (kind: string) => `//local/main/${kind}/1`;
  let id = 0;
  const heard = (hours: number, live: boolean, ...told: [kind: string, type: string, data: Record<string, unknown>][]) => {
    const time = START + hours * HOUR;
    feeds.apply(apply(store, told.map(([kind, type, data]) => envelope(type, time, data, { source: uri(kind), id: `e${id++}` })), { now: time, live }));
    feeds.update(store.ingest.takeChangedSources());
  };
  return {
    heard: (hours: number, ...told: [string, string, Record<string, unknown>][]) => heard(hours, true, ...told),
    loaded: (hours: number, ...told: [string, string, Record<string, unknown>][]) => heard(hours, false, ...told),
    refuse: (kind: string) => {
      feeds.apply(store.ingest.decide(uri(kind), 'refuse')!);
    },
    of: (metric: string, from = feeds) => feedsOf(definitionOf(metric), { feeds: from.items(site, START), toldBy: from.toldBy }),
    restarted: () => {
      const again = new Feeds();
      again.load(store.db, START);
      return again;
    },
  };
}

const beat = (kind: string): [string, string, Record<string, unknown>] => [kind, 'source.heartbeat', { instance: '1' }];
const dirty = (kind: string): [string, string, Record<string, unknown>] => [kind, 'bed.status-changed', { unit: '4E', bed: '1', status: 'dirty' }];
const admitted = (kind: string): [string, string, Record<string, unknown>] => [kind, 'adt.admitted', { encounter: `V-${kind}`, patient: { id: 'P1' }, location: { unit: '4E', bed: '1' } }];
const arrived: [string, string, Record<string, unknown>] = ['flow', 'ed.arrived', { encounter: 'V9', patient: { id: 'P9' } }];

describe('the feeds that a number rests on', () => {
  it('given a site whose beds another system tells of, then it is as old as that system', () => {
    const { heard, of } = station();
    heard(0, admitted('ehr'), dirty('flow'), beat('icu'));
    expect(['beds.dirty', 'beds.available', 'beds.occupancy_rate', 'beds.occupancy_after_decisions'].map((metric) => of(metric))).toEqual(Array(4).fill(['ehr', 'flow']));
  });

  it('given emergency visits that another system tells of beside a usual source, then it is among them', () => {
    const { heard, of } = station();
    heard(0, admitted('ehr'), arrived, beat('ed'));
    expect(of('ed.census')).toContain('flow');
  });

  it('given a core that starts anew, then what was learned is known', () => {
    const { heard, of, restarted } = station();
    heard(0, admitted('ehr'), dirty('flow'));
    expect(of('beds.dirty', restarted())).toEqual(['ehr', 'flow']);
  });

  it('given a system that is refused and that nobody has replaced, then the number rests on it all the same', () => {
    const { heard, refuse, of } = station();
    heard(0, admitted('ehr'), dirty('flow'));
    refuse('flow');
    expect(of('beds.dirty')).toEqual(['ehr', 'flow']);
  });

  it('given a system that is refused, when another tells the same, then the number rests on that', () => {
    const { heard, refuse, of } = station();
    heard(0, admitted('ehr'), dirty('flow'));
    refuse('flow');
    heard(1, dirty('bed'));
    expect(of('beds.dirty')).toEqual(['ehr', 'bed']);
  });

  it('given a system that went silent beside another, then the number rests on both for a day, and then on the other', () => {
    const { heard, of } = station();
    heard(0, admitted('ehr'), dirty('flow'), dirty('bed'));
    heard(23, admitted('ehr'), dirty('bed'));
    expect(of('beds.dirty')).toEqual(['ehr', 'bed', 'flow']);
    heard(25, admitted('ehr'), dirty('bed'));
    expect(of('beds.dirty')).toEqual(['ehr', 'bed']);
  });

  it('given history from a file of another system, when one speaks itself, then the number rests on that alone', () => {
    const { heard, loaded, of } = station();
    loaded(0, admitted('ehr'), dirty('flow'));
    expect(of('beds.dirty')).toEqual(['ehr', 'flow']);
    heard(1, dirty('bed'));
    expect(of('beds.dirty')).toContain('bed');
    expect(of('beds.dirty')).not.toContain('flow');
  });

  it('given somebody at a desk, then their word is no feed that could fall silent', () => {
    const { heard, of } = station();
    heard(0, admitted('ehr'), dirty('bed'), dirty('vigil'));
    expect(of('beds.dirty')).toEqual(['ehr', 'bed']);
  });

  it('given that nothing was told yet, then it rests on the usual sources that were heard, else on all', () => {
    const rests = (...heard: string[]) => feedsOf(definitionOf('beds.dirty'), { feeds: heard.map((kind) => feed(kind)) });
    expect(rests('ehr', 'bed', 'lis')).toEqual(['ehr', 'bed']);
    expect(rests('lis', 'flow')).toEqual(['lis', 'flow']);
  });

  it('never leaves out who told what it is made of', () => {
    const kinds = ['ehr', 'bed', 'flow', 'ed', 'icu'] as const;
    const types = ['adt.admitted', 'adt.discharged', 'bed.status-changed', 'ed.arrived', 'icu.admitted'] as const;
    fc.assert(fc.property(fc.uniqueArray(fc.tuple(fc.constantFrom(...kinds), fc.constantFrom(...types)), { selector: String }), fc.subarray([...kinds]), (told, refused) => {
      const feeds = new Feeds();
      feeds.update(kinds.map((kind) => ({ ...record, uri: kind, kind, types: Object.fromEntries(told.flatMap(([by, type]) => (by === kind ? [[type, START]] : []))), state: refused.includes(kind) ? 'refused' : 'registered' })));
      for (const definition of metricDefinitions.values()) {
        const rests = feedsOf(definition, { feeds: feeds.items(site, START), toldBy: feeds.toldBy });
        for (const [kind, type] of told) {
          const isInput = definition.inputs.some((input) => input.startsWith(`${type}.`) || input.startsWith(`${type}@`));
          const replaced = refused.includes(kind) && told.some(([other, same]) => same === type && !refused.includes(other));
          if (isInput && !replaced) expect(rests, `${definition.id} by ${kind}`).toContain(kind);
        }
      }
    }));
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { announce } from '#core/ops/announce.ts';
import { OpsBus } from '#core/ops/bus.ts';
import { opsEnvelope } from '#core/ops/envelope.ts';
import { OpsLive } from '#core/ops/live.ts';
import { publishOps } from '#core/ops/publish.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const clock = { mode: 'wall', speed: 1, now: () => NOW } as const;
const refused = (total: number) => ({ reason: 'bad-data', detail: 'location.unit: required', total });

function live() {
  const bus = new OpsBus();
  return { bus, ops: new OpsLive(bus, opsEnvelope({ id: DEFAULT_SITE, station: () => 'hub', clock })) };
}

test('given who follows some types, when Vigil announces, then they hear those as CloudEvents with the id that they have on MQTT, and nothing once they have left', () => {
  const { bus, ops } = live();
  const published: string[] = [];
  publishOps(bus, { publish: (_, payload) => void published.push(payload) }, { id: DEFAULT_SITE, station: 'hub', clock, publish: { types: ['ops.event-ingested'], perSecond: 50 } });
  const heard: string[] = [];
  const stream = ops.follow(['ops.event-ingested'], { say: (_, text) => heard.push(text), room: () => true });
  const ingested = { source: '//local/main/ehr/a', id: '1', type: 'adt.admitted', position: 1, received: NOW, entityKind: 'encounter', changed: true } as const;
  announce(bus, { registrations: [], ingested: [ingested], refusals: [] }, 0);
  expect(heard).toEqual(published);
  expect(JSON.parse(heard[0]!)).toMatchObject({ specversion: '1.0', source: '//local/main/vigil/hub', type: 'ops.event-ingested', data: { id: '1', position: 1 } });
  stream.close();
  announce(bus, { registrations: [], ingested: [ingested], refusals: [] }, 0);
  expect([heard.length, published.length]).toEqual([1, 2]);
});

test('given any course of a reader that reads and does not, when events come, then what it hears and what it is told it missed are all of them, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('event', 'stops', 'reads')), (course) => {
      const { bus, ops } = live();
      let room = true;
      let events = 0;
      let accounted = 0;
      const stream = ops.follow(['ops.event-refused'], {
        room: () => room,
        say(type, text) {
          const said = JSON.parse(text) as { missed: number; data: { total: number } };
          if (type === 'missed') return void (accounted += said.missed);
          expect(said.data.total).toBe(++accounted);
        },
      });
      for (const step of [...course, 'reads']) {
        if (step === 'event') bus.emit('ops.event-refused', refused(++events));
        else room = step === 'reads';
        if (step === 'reads') stream.drained();
      }
      expect(accounted).toBe(events);
    }),
  );
});

import { expect, test } from 'vitest';
import type { AuditEntry } from '#core/access/audit.ts';
import { LogReaders } from '#core/api/log-readers.ts';
import { deskOf } from '../../fixtures/audit-desk.ts';

const MINUTE = 60_000;
const PAGE = 500;
const ward = { kind: 'token', name: 'ward-7', from: '10.0.0.7' };
const bi = { kind: 'token', name: 'bi', from: '10.0.0.9' };

function reading() {
  const written: AuditEntry[] = [];
  const time = { now: 0 };
  const readers = new LogReaders(deskOf(written), () => time.now);
  const give = (actor: AuditEntry['actor'], after: number, events = PAGE) => readers.give(actor, { after, next: after + events, events });
  return { written, time, readers, give, told: () => written.map(({ actor, subject }) => [actor.name, subject]) };
}

test('given a reader that takes page after page for hours, when it ends, then the trail holds where it began, each hour, and the rest: every event once', async () => {
  const { written, time, readers, give, told } = reading();
  let position = 1_000;
  for (; time.now < 150 * MINUTE; time.now += MINUTE / 4, position += PAGE) await give(ward, position);
  await readers.look();
  time.now += 59 * MINUTE;
  await readers.look();
  expect(told().map(([, subject]) => (subject as { state: string }).state)).toEqual(['begins', 'goes on', 'goes on']);
  time.now += MINUTE;
  await readers.look();
  await readers.look();
  expect(told()[0]).toEqual(['ward-7', { state: 'begins', after: 1_000 }]);
  const spans = written.slice(1).map(({ subject }) => subject as { after: number; upTo: number; pages: number; events: number; state: string });
  expect(spans.map(({ state }) => state)).toEqual(['goes on', 'goes on', 'ended']);
  expect(spans.map(({ after }) => after)).toEqual([1_000, ...spans.slice(0, -1).map(({ upTo }) => upTo)]);
  expect(spans.at(-1)!.upTo).toBe(position);
  expect(spans.reduce((sum, { events }) => sum + events, 0)).toBe(position - 1_000);
  expect(new Set(written.map(({ action, outcome }) => `${action} ${outcome}`))).toEqual(new Set(['readLog done']));
  await give(ward, position);
  expect(told().at(-1)).toEqual(['ward-7', { state: 'begins', after: position }]);
});

test('given readers beside each other and one that finds nothing new, when they read, then each has its own entries, and nothing read leaves none', async () => {
  const { readers, give, told } = reading();
  await give(ward, 0);
  await give(bi, 7, 0);
  await give(bi, 7, 3);
  await give(bi, 10, 0);
  await readers.close();
  expect(told()).toEqual([
    ['ward-7', { state: 'begins', after: 0 }],
    ['bi', { state: 'begins', after: 7 }],
    ['ward-7', { state: 'ended', after: 0, upTo: PAGE, pages: 1, events: PAGE }],
    ['bi', { state: 'ended', after: 7, upTo: 10, pages: 1, events: 3 }],
  ]);
});

test('given a trail that cannot be written, when a page is asked for, then it is not given', async () => {
  const readers = new LogReaders({ ready: () => Promise.resolve(), write: () => Promise.reject(new Error('disk full')) }, () => 0);
  await expect(readers.give(ward, { after: 0, next: 1, events: 1 })).rejects.toThrow('disk full');
  await expect(readers.give(ward, { after: 0, next: 1, events: 1 })).rejects.toThrow('disk full');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '#core/metrics/evaluate.ts';
import { predictRoom } from '#core/metrics/computations/or-prediction.ts';
import { at, figures, houseOf, instant, reason, value, type Told } from './house-of.ts';

const or = { rooms: [{ id: '1' }, { id: '2' }], primeTime: { from: '07:00', to: '15:00' }, expectedTurnoverMinutes: 30 };
const booked = (id: string, room: string, start: string, minutes = 60): Told =>
  ['or.case-scheduled', '2026-01-09T12:00:00Z', { case: id, room, scheduledStart: instant(start), scheduledMinutes: minutes }];
const stepped = (type: string, id: string, time: string, more: object = {}): Told => [`or.${type}`, time, { case: id, ...more }];
const ran = (id: string, room: string, start: string, into: string, out?: string): Told[] => [
  booked(id, room, start),
  stepped('patient-in-room', id, into, { room }),
  ...(out === undefined ? [] : [stepped('patient-out-of-room', id, out)]),
];

describe('given a day of two rooms', () => {
  const house = houseOf({ or }, [
    ...ran('a', '1', '07:30', '07:34', '09:00'),
    ...ran('b', '1', '09:30', '09:40', '11:00'),
    ...ran('c', '1', '11:30', '13:00', '16:00'),
    ...ran('d', '2', '08:00', '07:50', '10:00'),
    ...ran('e', '2', '10:15', '09:55', '11:00'),
    booked('x', '2', '07:00'),
    stepped('case-cancelled', 'x', '06:00'),
    ...ran('f', '2', '2026-01-11T07:30:00Z', '2026-01-11T07:50:00Z', '2026-01-11T08:50:00Z'),
    stepped('case-completed', 'a', '08:50'),
  ]);
  const day = { from: at('00:00'), to: at('2026-01-11T00:00:00Z') };

  test('or.first_case_on_time_rate: a cancelled case is no first case', () => {
    expect(value(house, 'or.first_case_on_time_rate', { at: at('2026-01-12T00:00:00Z') })).toBeCloseTo(2 / 3, 10);
    expect(value(house, 'or.first_case_on_time_rate', { ...day, scope: { room: '2' } })).toBe(1);
  });

  test('or.first_case_delay and or.case_delay: early starts are excluded', () => {
    expect(figures(house, 'or.first_case_delay', day)).toMatchObject({ count: 1, excluded: 1, max: 4, within: 1 });
    expect(figures(house, 'or.case_delay', day)).toMatchObject({ count: 3, excluded: 2, p50: 10, max: 90, within: 2 / 3 });
  });

  test('or.turnover: of one room and day, without overlaps', () => {
    expect(figures(house, 'or.turnover', day)).toMatchObject({ count: 2, excluded: 0, mean: 80, max: 120, within: 0 });
    expect(figures(house, 'or.turnover', { ...day, scope: { room: '2' } })).toMatchObject({ count: 0, excluded: 0 });
  });

  test('or.overlaps', () => {
    expect([value(house, 'or.overlaps', day), value(house, 'or.overlaps', { ...day, scope: { room: '1' } })]).toEqual([1, 0]);
  });

  test('or.utilisation: union of in-room and turnover minutes within prime time of the rooms that ran', () => {
    // Room 1: 07:34 to 15:00 without a break (turnovers 40 and 120 min) = 446; room 2: 07:50 to 11:00 = 190; of 2 x 480.
    expect(value(house, 'or.utilisation', day)).toBeCloseTo((446 + 190) / 960, 10);
    expect(value(house, 'or.utilisation', { ...day, scope: { room: '2' } })).toBeCloseTo(190 / 480, 10);
  });

  test('or.utilisation so far: prime time ends now', () => {
    expect(value(house, 'or.utilisation', { ...day, at: at('09:00'), scope: { room: '2' } })).toBeCloseTo(70 / 120, 10);
    expect(value(house, 'or.utilisation', { ...day, at: at('06:00') })).toBeNull();
  });

  test('or.overrun: a room that ended in time is a sample of 0', () => {
    expect(figures(house, 'or.overrun', day)).toMatchObject({ count: 2, mean: 30, max: 60, within: 0.5 });
  });

  test('counts cases by what happened in the window', () => {
    const count = (metric: string, request = {}) => value(house, `or.cases_${metric}`, request);
    expect([count('scheduled', day), count('completed', day), count('cancelled', day)]).toEqual([6, 5, 1]);
    expect([count('scheduled'), count('completed', { to: at('09:00') }), count('scheduled', { ...day, scope: { room: '1' } })]).toEqual([7, 1, 3]);
  });
});

test('given a case that never got out, when two days have passed, then it runs no more', () => {
  const house = houseOf({ or }, [...ran('a', '1', '08:00', '08:00'), booked('b', '1', '2026-01-12T10:00:00Z')]);
  expect(predictRoom(house, '1', at('2026-01-11T09:00:00Z'))).toMatchObject({ cases: [{ id: 'a' }] });
  expect(predictRoom(house, '1', at('2026-01-12T09:00:00Z'))).toMatchObject({ cases: [{ id: 'b', start: at('2026-01-12T10:00:00Z') }] });
});

test('given a case cancelled in the room, when it is out, then it is cancelled and not completed, and the room was held', () => {
  const house = houseOf({ or }, [...ran('a', '1', '08:00', '08:00', '09:00'), stepped('case-cancelled', 'a', '08:20')]);
  const request = { at: at('10:00') };
  expect([value(house, 'or.cases_completed', request), value(house, 'or.cases_cancelled', request)]).toEqual([0, 1]);
  expect(value(house, 'or.utilisation', request)).toBeCloseTo(60 / 180, 10);
});

test('a first case is judged once it is in the room or late', () => {
  const house = houseOf({ or }, [booked('a', '1', '07:30'), ...ran('b', '2', '07:30', '07:30')]);
  const rate = (time: string) => value(house, 'or.first_case_on_time_rate', { at: at(time) });
  expect([rate('07:35'), rate('07:36')]).toEqual([1, 0.5]);
});

test('gaps over 120 min are excluded; a case without time out gives no gap', () => {
  const house = houseOf({ or }, [...ran('a', '1', '07:00', '07:00', '08:00'), ...ran('b', '1', '10:01', '10:01'), ...ran('c', '1', '12:00', '12:00', '13:00')]);
  expect(figures(house, 'or.turnover')).toMatchObject({ count: 0, excluded: 1, p50: null });
  expect(value(house, 'or.overlaps')).toBe(0);
});

test('a room runs no overrun sample before its last patient is out', () => {
  const house = houseOf({ or }, ran('a', '1', '14:00', '14:00'));
  expect(figures(house, 'or.overrun')).toMatchObject({ count: 0, max: null });
});

test('the day of a room is the day of the site, also when clocks change', () => {
  // 29 March 2026: Berlin skips 02:00 to 03:00; prime time 07:00 to 15:00 there is 05:00 to 13:00 UTC, the day before 06:00 to 14:00.
  const house = houseOf({ or, timezone: 'Europe/Berlin' }, [
    ...ran('a', '1', '2026-03-28T06:00:00Z', '2026-03-28T06:00:00Z', '2026-03-28T08:00:00Z'),
    ...ran('b', '1', '2026-03-29T05:00:00Z', '2026-03-29T05:00:00Z', '2026-03-29T13:30:00Z'),
  ]);
  const later = at('2026-03-30T12:00:00Z');
  expect(value(house, 'or.utilisation', { at: later, to: at('2026-03-28T23:00:00Z') })).toBe(0.25);
  expect(value(house, 'or.utilisation', { at: later, from: at('2026-03-28T23:00:00Z') })).toBe(1);
  expect(figures(house, 'or.overrun', { at: later })).toMatchObject({ count: 2, max: 30 });
});

describe('or.predicted_end', () => {
  const told = [
    ...ran('done', '1', '07:00', '07:00', '08:00'),
    booked('now', '1', '08:30', 120),
    stepped('patient-in-room', 'now', '08:40'),
    booked('next', '1', '10:00', 60),
    booked('late', '1', '15:00', 45),
    booked('tomorrow', '1', '2026-01-11T07:00:00Z', 60),
  ];
  const house = houseOf({ or }, told);

  test('runs the day on: expected durations and turnovers, no case before its planned start', () => {
    expect(predictRoom(house, '1', at('09:00'))).toEqual({
      cases: [
        { id: 'now', start: at('08:40'), end: at('10:40') },
        { id: 'next', start: at('11:10'), end: at('12:10') },
        { id: 'late', start: at('15:00'), end: at('15:45') },
      ],
      end: at('15:45'),
    });
    expect(value(house, 'or.predicted_end', { at: at('09:00'), scope: { room: '1' } })).toBe(at('15:45'));
  });

  test('a case past its expected duration may end any moment', () => {
    expect(predictRoom(house, '1', at('11:30'))).toMatchObject({ cases: [{ end: at('11:30') }, { start: at('12:00'), end: at('13:00') }, { start: at('15:00') }] });
  });

  test('an announced delay moves the start', () => {
    const delayed = houseOf({ or }, [...told, stepped('case-delayed', 'late', '08:00', { expectedStart: instant('16:30') })]);
    expect(value(delayed, 'or.predicted_end', { at: at('09:00') })).toBe(at('17:15'));
  });

  test('or.rooms_after_prime_time counts rooms whose day ends late', () => {
    const until = (to: string) => value(houseOf({ or: { ...or, primeTime: { from: '07:00', to } } }, told), 'or.rooms_after_prime_time', { at: at('09:00') });
    expect([until('15:44'), until('15:45')]).toEqual([1, 0]);
    expect(reason(houseOf({ or }, []), 'or.rooms_after_prime_time')).toBe('no case has been reported');
  });

  test('is unknown when nothing is left', () => {
    expect(value(house, 'or.predicted_end', { at: at('09:00'), scope: { room: '2' } })).toBeNull();
    expect(reason(houseOf({ or }, []), 'or.predicted_end')).toBe('no case has been reported');
    expect(reason(houseOf({ or }, [stepped('patient-in-room', 'u', '08:00', { room: '1' })]), 'or.predicted_end', { at: at('09:00') })).toMatch(/without scheduled duration/);
  });
});

/** A case of a system that tells start and end of procedures and no wheels. */
const operated = (id: string, room: string, start: string, from: string, to?: string, minutes = 60): Told[] => [
  booked(id, room, start, minutes),
  stepped('case-started', id, from, { room }),
  ...(to === undefined ? [] : [stepped('case-completed', id, to)]),
];

describe('given procedures told by start and end alone', () => {
  const house = houseOf({ or }, [...operated('a', '1', '08:00', '08:00', '09:00'), ...operated('b', '1', '09:30', '09:40', undefined, 120)]);
  const later = [...operated('a', '1', '08:00', '08:00', '09:00'), ...operated('b', '1', '09:30', '09:40', '11:30', 120)];

  test('then who is over has left the prediction and who started runs from there', () => {
    expect(predictRoom(house, '1', at('10:00'))).toEqual({ cases: [{ id: 'b', start: at('09:40'), end: at('11:40') }], end: at('11:40') });
    expect(predictRoom(house, '1', at('09:20'))).toMatchObject({ cases: [{ id: 'b', start: at('09:30'), end: at('11:30') }] });
    expect(predictRoom(houseOf({ or }, later), '1', at('12:00'))).toBe('no case is running or left in room 1 today');
  });

  test('then a room that is done runs not after prime time', () => {
    expect(value(houseOf({ or }, later), 'or.rooms_after_prime_time', { at: at('16:30') })).toBe(0);
    expect(value(house, 'or.rooms_after_prime_time', { at: at('16:30') })).toBe(1);
  });

  test('then the room was held from start to end: by then it ran and overran, and overlaps are seen', () => {
    // Of 07:00 to 15:00: 08:00 to 09:00, 40 min of turnover, 09:40 to 11:30.
    expect(value(houseOf({ or }, later), 'or.utilisation', { at: at('23:59') })).toBeCloseTo(210 / 480, 10);
    // 14:30 to 15:40 ends 40 min after prime time.
    expect(figures(houseOf({ or }, [...later, ...operated('c', '1', '14:00', '14:30', '15:40')]), 'or.overrun')).toMatchObject({ count: 1, max: 40 });
    expect(value(houseOf({ or }, [...operated('a', '1', '08:00', '08:00', '09:00'), ...operated('b', '1', '08:30', '08:50')]), 'or.overlaps')).toBe(1);
  });

  test('then nothing is said of wheels: no turnover, and punctuality is unknown', () => {
    expect(figures(houseOf({ or }, later), 'or.turnover')).toMatchObject({ count: 0, excluded: 0 });
    expect(reason(house, 'or.first_case_on_time_rate')).toBe('no or.patient-in-room event has been reported');
  });
});

test('given a first case without wheels in among others that have them, then it is not judged', () => {
  const house = houseOf({ or }, [...operated('a', '1', '07:30', '07:50', '08:50'), ...ran('b', '2', '07:30', '07:30', '08:30')]);
  expect(value(house, 'or.first_case_on_time_rate')).toBe(1);
});

test('given a case without wheels between two that have them, then its time is no turnover', () => {
  const house = houseOf({ or }, [...ran('a', '1', '08:00', '08:00', '09:00'), ...operated('b', '1', '09:15', '09:20', '10:00'), ...ran('c', '1', '10:30', '10:30', '11:30')]);
  expect(figures(house, 'or.turnover')).toMatchObject({ count: 0, excluded: 0 });
});

describe('given a case that ended and was not wheeled out', () => {
  const told = [...ran('a', '1', '08:00', '08:00'), stepped('case-completed', 'a', '08:30'), booked('b', '1', '08:40', 60)];
  const house = houseOf({ or }, told);

  test('then it may be out any moment, whatever time was left of it, and the next follows', () => {
    expect(predictRoom(house, '1', at('08:40'))).toMatchObject({ cases: [{ id: 'a', end: at('08:40') }, { id: 'b', start: at('09:10'), end: at('10:10') }] });
  });

  test('when nobody can lie there any more, then it left when it ended', () => {
    expect(predictRoom(house, '1', at('10:30'))).toMatchObject({ cases: [{ id: 'b', start: at('10:30'), end: at('11:30') }] });
    // 30 of the 480 minutes of prime time.
    expect(value(house, 'or.utilisation', { at: at('23:59') })).toBeCloseTo(30 / 480, 10);
  });

  test('given it waits there for hours, when it is wheeled out at last, then that counts', () => {
    expect(value(houseOf({ or }, [...told, stepped('patient-out-of-room', 'a', '11:00')]), 'or.utilisation', { at: at('23:59') })).toBeCloseTo(180 / 480, 10);
  });
});

describe('whatever systems tell of a day, in any mix of wheels, starts and ends', () => {
  const STEPS = ['patient-in-room', 'case-started', 'case-completed', 'patient-out-of-room'] as const;
  const clock = (minute: number) => new Date(at('00:00') + minute * 60_000).toISOString();
  /** A course of cases one after the other in one room; of each at least one of the two ends is told. */
  const course = fc
    .array(
      fc.record({ wait: fc.nat(90), lasts: fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 120 }), fc.nat(30)), told: fc.subarray([...STEPS]), planned: fc.integer({ min: 1, max: 180 }) })
        .filter(({ told }) => told.includes('patient-out-of-room') || told.includes('case-completed')),
      { minLength: 1, maxLength: 5 },
    )
    .map((cases) => {
      let minute = 360;
      return cases.map(({ wait, lasts: [before, procedure, after], told, planned }, i) => {
        const inAt = minute + wait;
        const times = [inAt, inAt + before, inAt + before + procedure, inAt + before + procedure + after];
        minute = times[3]! + 1;
        return { id: `c${i}`, out: times[3]!, events: [booked(`c${i}`, '1', clock(inAt), planned), ...STEPS.flatMap((step, n) => (told.includes(step) ? [stepped(step, `c${i}`, clock(times[n]!), { room: '1' })] : []))] };
      });
    });

  test('a case that is over is never predicted, and none that is to come starts in the past', () => {
    fc.assert(fc.property(course, fc.nat(1_440), (cases, minute) => {
      const now = at('00:00') + minute * 60_000;
      const events = cases.flatMap((c) => c.events);
      const ahead = predictRoom(houseOf({ or }, events.filter(([type, time]) => type === 'or.case-scheduled' || at(time) <= now)), '1', now);
      const predicted = typeof ahead === 'string' ? [] : ahead.cases;
      const over = cases.filter(({ out }) => out + 120 <= minute).map(({ id }) => id);
      expect(predicted.map(({ id }) => id).filter((id) => over.includes(id))).toEqual([]);
      predicted.forEach(({ start, end }, i) => {
        expect(end).toBeGreaterThanOrEqual(now);
        if (i > 0) expect(start).toBeGreaterThanOrEqual(now);
      });
    }));
  });

  test('what was told of a day that is over stays what it was, however late it is asked', () => {
    fc.assert(fc.property(course, fc.integer({ min: 0, max: 2_880 }), (cases, later) => {
      const house = houseOf({ or }, cases.flatMap((c) => c.events));
      const ended = Math.max(at('15:00'), at('00:00') + (cases.at(-1)!.out + 120) * 60_000);
      const ask = (metric: string, moment: number) => evaluate(house, { metric, scope: {}, at: moment, to: at('2026-01-11T00:00:00Z') });
      for (const metric of ['or.utilisation', 'or.overrun', 'or.overlaps', 'or.turnover']) expect(ask(metric, ended + later * 60_000), metric).toEqual(ask(metric, ended));
      expect(predictRoom(house, '1', ended + later * 60_000)).toBe('no case is running or left in room 1 today');
    }));
  });
});

test('without any case nothing is 0', () => {
  const house = houseOf({ or }, []);
  for (const metric of ['first_case_on_time_rate', 'utilisation', 'cases_scheduled', 'cases_completed', 'cases_cancelled', 'overlaps']) {
    expect(value(house, `or.${metric}`), metric).toBeNull();
  }
  for (const metric of ['first_case_delay', 'case_delay', 'turnover', 'overrun']) expect(figures(house, `or.${metric}`), metric).toMatchObject({ count: 0, mean: null });
});

test.each([['a', 'b'], ['b', 'a']])('given two cases of one moment, whatever their names (%s, %s), then who comes in first is first and who leaves first is before', (one, other) => {
  const house = houseOf({ or }, [
    ...ran(one, '1', '07:30', '07:33', '08:00'),
    ...ran(other, '1', '07:30', '07:40', '08:30'),
    ...ran('z', '1', '09:00', '09:00', '10:00'),
    ...ran(`2${one}`, '2', '07:30', '07:30', '08:00'),
    ...ran(`2${other}`, '2', '07:30', '07:30', '08:40'),
    ...ran('2z', '2', '09:00', '09:00', '10:00'),
  ]);
  expect(value(house, 'or.first_case_on_time_rate', { scope: { room: '1' } })).toBe(1);
  expect(figures(house, 'or.turnover', { scope: { room: '2' } })).toMatchObject({ count: 1, mean: 20 });
});

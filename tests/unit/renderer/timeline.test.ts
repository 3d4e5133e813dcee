import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrCaseItem, OrDayItem, OrRoomItem } from '#shared/views/boards.ts';
import { casesBefore, HOUR, hourMarks, hoursShown } from '../../../renderer/timeline/axis.ts';
import { caseText } from '../../../renderer/timeline/case-text.ts';
import { caseShape, turnoverShapes } from '../../../renderer/timeline/geometry.ts';
import { fitLabel, roomLabels } from '../../../renderer/timeline/labels.ts';

/** Ten hours on a thousand px: 100 px an hour. */
const axis = { from: 7 * HOUR, to: 17 * HOUR, x0: 0, x1: 1000 };
const day: OrDayItem = { from: 0, to: 24 * HOUR, primeFrom: 7 * HOUR, primeTo: 17 * HOUR, roomsOpen: 1, roomsTotal: 1, cases: 1, turnoverLimitMinutes: 30, feeds: ['or'] };
const NOW = 12 * HOUR;
/** A face whose letters are all 12 px wide. */
const measure = (text: string): number => text.length * 12;

const orCase = (part: Partial<OrCaseItem>): OrCaseItem => ({
  key: '1/1', label: 'CABG', short: 'CABG', addOn: false, scheduledStart: 8 * HOUR, scheduledEnd: 10 * HOUR, inRoom: null, outOfRoom: null,
  predictedStart: null, predictedEnd: null, state: 'scheduled', delayMinutes: null, severity: 'normal', overlap: false, ...part,
});
const room = (part: Partial<OrRoomItem>): OrRoomItem => ({ room: '1', title: '1', service: null, status: 'open', cases: [], turnovers: [], predictedEnd: null, endSeverity: 'normal', ...part });

describe('bars of a case', () => {
  test('given a case that is done, then one solid bar from in to out, and the time beyond its plan', () => {
    const shape = caseShape(orCase({ state: 'done', inRoom: 8 * HOUR, outOfRoom: 10.5 * HOUR }), axis, NOW, measure);
    expect(shape.planned).toEqual({ x: 100, width: 200 });
    expect(shape.actual).toEqual({ x: 100, width: 250, kind: 'done' });
    expect(shape.predicted).toBeNull();
    expect(shape.over).toEqual({ x: 300, width: 50 });
  });

  test('given a case that runs, then it is solid up to now and dashed from there', () => {
    const shape = caseShape(orCase({ state: 'running', inRoom: 11 * HOUR, predictedEnd: 13 * HOUR }), axis, NOW, measure);
    expect(shape.actual).toEqual({ x: 400, width: 100, kind: 'running' });
    expect(shape.predicted).toEqual({ x: 500, width: 100 });
  });

  test('given a running case that should have ended, then nothing is predicted before now', () => {
    const shape = caseShape(orCase({ state: 'running', inRoom: 11 * HOUR, predictedEnd: 11.5 * HOUR }), axis, NOW, measure);
    expect(shape.predicted).toBeNull();
  });

  test('given a case to come, then only the predicted bar; without a prediction only the plan', () => {
    expect(caseShape(orCase({ predictedStart: 13 * HOUR, predictedEnd: 14 * HOUR }), axis, NOW, measure)).toMatchObject({ actual: null, predicted: { x: 600, width: 100 } });
    expect(caseShape(orCase({}), axis, NOW, measure)).toMatchObject({ actual: null, predicted: null, over: null, planned: { x: 100, width: 200 } });
  });

  test('given a case that has not begun, then nothing has gone over its plan yet', () => {
    const late = { scheduledStart: 12 * HOUR, scheduledEnd: 13 * HOUR, predictedStart: 12.5 * HOUR, predictedEnd: 14 * HOUR };
    expect(caseShape(orCase(late), axis, NOW, measure).over).toBeNull();
    expect(caseShape(orCase({ ...late, inRoom: 12 * HOUR, predictedStart: null, state: 'running' }), axis, NOW, measure).over).toEqual({ x: 600, width: 100 });
  });

  test('given a cancelled case, then its plan alone is left', () => {
    expect(caseShape(orCase({ state: 'cancelled', inRoom: 8 * HOUR, predictedEnd: 9 * HOUR }), axis, NOW, measure)).toMatchObject({ actual: null, predicted: null, labelAt: null });
  });

  test('a late start is marked at its leading edge in the severity the core gave', () => {
    const late = { inRoom: 9 * HOUR, outOfRoom: 10 * HOUR, state: 'done' } as const;
    expect(caseShape(orCase({ ...late, severity: 'warn' }), axis, NOW, measure).late).toEqual({ x: 200, severity: 'warn' });
    expect(caseShape(orCase(late), axis, NOW, measure).late).toBeNull();
  });

  test('a label moves to the dashed part when only that has the room', () => {
    const shape = caseShape(orCase({ short: 'Nephrectomy', state: 'running', inRoom: 11.6 * HOUR, predictedEnd: 15 * HOUR }), axis, NOW, measure);
    expect(shape.labelOn).toBe('predicted');
    expect(shape.labelAt).toEqual(shape.predicted);
  });

  test('a label that neither part has room for lies over both', () => {
    const shape = caseShape(orCase({ short: 'Nephrectomy', state: 'running', inRoom: 11 * HOUR, predictedEnd: 13 * HOUR }), axis, NOW, measure);
    expect(shape).toMatchObject({ labelOn: 'both', labelAt: { x: 400, width: 200 } });
  });

  test('whatever the times, nothing is drawn beyond the axis or backwards', () => {
    const time = fc.option(fc.integer({ min: 0, max: 24 * HOUR }));
    fc.assert(
      fc.property(time, time, time, time, time, fc.constantFrom('scheduled', 'running', 'done', 'cancelled' as const), (scheduledStart, scheduledEnd, inRoom, outOfRoom, predictedEnd, state) => {
        const shape = caseShape(orCase({ scheduledStart, scheduledEnd, inRoom, outOfRoom, predictedEnd, predictedStart: scheduledStart, state }), axis, NOW, measure);
        for (const span of [shape.planned, shape.actual, shape.predicted, shape.over]) {
          if (!span) continue;
          expect(span.x).toBeGreaterThanOrEqual(0);
          expect(span.width).toBeGreaterThanOrEqual(0);
          expect(span.x + span.width).toBeLessThanOrEqual(1000.001);
        }
      }),
    );
  });
});

test('turnovers link the bars and keep their severity', () => {
  const turnovers = [{ from: 9 * HOUR, to: 9.75 * HOUR, minutes: 45, severity: 'warn' as const }];
  expect(turnoverShapes(room({ turnovers }), axis)).toEqual([{ x: 200, width: 75, severity: 'warn' }]);
});

describe('hours of the axis', () => {
  test('prime time and an hour after it, when all cases lie inside', () => {
    expect(hoursShown(day, [], NOW)).toEqual({ from: 7 * HOUR, to: 18 * HOUR });
  });

  test('whole hours more for what begins earlier or is expected to end later, never beyond the day', () => {
    const rooms = [room({ cases: [orCase({ inRoom: 6.2 * HOUR, predictedEnd: 19.1 * HOUR }), orCase({ predictedEnd: 30 * HOUR, scheduledStart: -HOUR })] })];
    expect(hoursShown(day, rooms, NOW)).toEqual({ from: 0, to: 24 * HOUR });
    expect(hoursShown(day, [room({ cases: [orCase({ inRoom: 6.2 * HOUR, predictedEnd: 19.1 * HOUR })] })], NOW)).toEqual({ from: 6 * HOUR, to: 20 * HOUR });
  });

  test('by day a case that was over long before prime time does not widen them; it is counted', () => {
    const night = room({ cases: [orCase({ scheduledStart: 0.5 * HOUR, scheduledEnd: 2 * HOUR, inRoom: 0.4 * HOUR, outOfRoom: 2.2 * HOUR })] });
    expect(hoursShown(day, [night], NOW)).toEqual({ from: 7 * HOUR, to: 18 * HOUR });
    expect(casesBefore(axis, [night, room({ cases: [orCase({ inRoom: 6 * HOUR, outOfRoom: 8 * HOUR }), orCase({})] })])).toBe(1);
    expect(hoursShown(day, [night], 3 * HOUR).from).toBe(0);
  });

  test('given a case of the night that goes on, then the axis begins with it', () => {
    expect(hoursShown(day, [room({ cases: [orCase({ inRoom: 3 * HOUR, predictedEnd: 13 * HOUR })] })], NOW).from).toBe(3 * HOUR);
  });

  test('the axis reaches out for a now that is near, not for one in the night', () => {
    expect(hoursShown(day, [], 5.5 * HOUR).from).toBe(5 * HOUR);
    expect(hoursShown(day, [], 2 * HOUR).from).toBe(7 * HOUR);
    expect(hoursShown(day, [], 19.5 * HOUR).to).toBe(20 * HOUR);
  });

  test('labels make way for the tag of now', () => {
    const marks = hourMarks(axis, day, 12.1 * HOUR);
    expect(marks.find(({ t }) => t === 12 * HOUR)?.label).toBe(false);
    expect(marks.find(({ t }) => t === 14 * HOUR)?.label).toBe(true);
  });

  test('the hours beside the tag of now are labelled where an hour takes 54 px', () => {
    const labels = hourMarks({ ...axis, from: 0, to: 24 * HOUR, x1: 24 * 54 }, day, 13 * HOUR).filter(({ label }) => label).map(({ t }) => t / HOUR);
    expect(labels).toEqual(Array.from({ length: 25 }, (_, hour) => hour).filter((hour) => hour !== 13));
  });

  test('given larger type, then labels stand farther apart', () => {
    const labels = hourMarks({ ...axis, from: 0, to: 24 * HOUR, x1: 24 * 54 }, day, 0, 1.5).filter(({ label }) => label);
    expect(labels).toHaveLength(12);
  });

  test('on a narrow axis only some hours are labelled', () => {
    const labels = hourMarks({ ...axis, x1: 300 }, day, 0).filter(({ label }) => label);
    expect(labels.length).toBeLessThan(6);
  });
});

test.each([['CABG', 200, 'CABG'], ['Nephrectomy', 100, 'Nephre…'], ['Lap chole', 74, 'Lap.'], ['Phaco', 44, 'Ph.'], ['Flap, face', 74, 'Flap…'], ['Nephrectomy', 40, '']] as const)('%s in %d px reads "%s"', (label, width, text) => {
  expect(fitLabel(label, width, measure)).toBe(text);
});

describe('names of short cases', () => {
  const done = (inRoom: number, outOfRoom: number, part: Partial<OrCaseItem> = {}) => orCase({ short: 'Phaco', state: 'done', inRoom: inRoom * HOUR, outOfRoom: outOfRoom * HOUR, ...part });
  const labels = (cases: readonly OrCaseItem[], turnovers: OrRoomItem['turnovers'] = []) =>
    roomLabels(cases.map((c) => caseShape(c, axis, NOW, measure)), turnoverShapes(room({ turnovers }), axis), axis, () => [500, 900], measure);
  const gap = (from: number, to: number) => ({ from: from * HOUR, to: to * HOUR, minutes: 0, severity: 'normal' as const });

  test('given a bar too short for two letters, then its name stands beside it where there is room, after it rather than before', () => {
    expect(labels([done(8, 8.25), done(10, 11.5)])).toEqual([{ text: 'Phaco', x: 130, on: 'ground' }, { text: 'Phaco', x: 305, on: 'done' }]);
    expect(labels([done(8, 8.25)], [gap(8.25, 8.75)])).toEqual([{ text: 'Phaco', x: 35, on: 'ground' }]);
  });

  test('given turnovers on both sides, or a line, then the name is left out, or abbreviated to what there is', () => {
    expect(labels([done(8, 8.25)], [gap(7.5, 8), gap(8.25, 8.75)])).toMatchObject([{ text: '' }]);
    expect(labels([done(11.25, 11.5)], [gap(10.75, 11.25)])).toEqual([{ text: 'Ph.', x: 455, on: 'ground' }]);
  });

  test('wherever short cases stand, no name beside a bar lies on a bar, a turnover, a line or another name, or beyond the axis', () => {
    const at = fc.double({ min: 7, max: 17, noNaN: true });
    const one = fc.tuple(at, fc.double({ min: 0.02, max: 2, noNaN: true }), fc.boolean(), fc.constantFrom('normal', 'warn', 'crit' as const));
    let beside = 0;
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 7 }), fc.array(fc.tuple(at, fc.double({ min: 0.05, max: 1, noNaN: true })), { maxLength: 4 }), (cases, gaps) => {
        const items = cases.map(([from, length, runs, severity]) => (runs && from < 12 ? orCase({ short: 'Phaco', state: 'running', inRoom: from * HOUR, predictedEnd: Math.max(12, from + length) * HOUR, severity }) : done(from, from + length, { severity })));
        const turnovers = gaps.map(([from, length]) => gap(from, from + length));
        const shapes = items.map((c) => caseShape(c, axis, NOW, measure));
        const placed = labels(items, turnovers);
        const names = placed.filter(({ on, text }) => on === 'ground' && text !== '').map(({ x, text }) => ({ x, width: measure(text) }));
        beside += names.length;
        const bars = shapes.flatMap(({ actual, predicted }) => [actual, predicted].filter((bar) => bar !== null && bar.width > 1)) as { x: number; width: number }[];
        for (const [i, name] of names.entries()) {
          expect(name.x).toBeGreaterThanOrEqual(0);
          expect(name.x + name.width).toBeLessThanOrEqual(1000);
          for (const other of [...bars, ...turnoverShapes(room({ turnovers }), axis), { x: 498.5, width: 3 }, { x: 898.5, width: 3 }, ...names.filter((_, j) => j !== i)]) {
            expect(name.x + name.width <= other.x + 1 || other.x + other.width <= name.x + 1).toBe(true);
          }
        }
      }),
    );
    expect(beside).toBeGreaterThan(50);
  });
});

test.each([
  [{ state: 'done', inRoom: 8 * HOUR, outOfRoom: 9.5 * HOUR }, 'CABG, 08:00 to 09:30, done'],
  [{ state: 'running', inRoom: 11 * HOUR, predictedEnd: 13 * HOUR, addOn: true }, 'CABG, add-on, since 11:00, expected to end 13:00'],
  [{ predictedStart: 14 * HOUR, predictedEnd: 15 * HOUR }, 'CABG, expected 14:00 to 15:00'],
  [{ scheduledEnd: null }, 'CABG, planned 08:00 to ?'],
  [{ state: 'cancelled', label: '' }, 'Procedure not named, cancelled'],
] as const)('a case in words: %j', (part, text) => {
  expect(caseText(orCase(part as Partial<OrCaseItem>), 'UTC')).toBe(text);
});

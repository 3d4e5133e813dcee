import type { OrCaseItem, OrRoomItem } from '#shared/views/boards.ts';
import type { Severity } from '#shared/metrics/result.ts';
import type { Measure } from '../format/measure.ts';
import type { Axis } from './axis.ts';
import { xOf } from './axis.ts';

export const LABEL_PADDING_PX = 8;
/** What the mark of a very late start takes of a bar's beginning. */
export const LATE_MARK_PX = 9;

export interface Span {
  x: number;
  width: number;
}

/** One case as it is drawn. Every span lies on the axis; what is not known is absent. */
export interface CaseShape {
  key: string;
  label: string;
  /** Where the label begins and how much room it has. */
  labelAt: Span | null;
  /** Ink of the label follows the bar it stands on. */
  labelOn: 'done' | 'running' | 'predicted' | 'both';
  planned: Span | null;
  actual: (Span & { kind: 'done' | 'running' }) | null;
  predicted: Span | null;
  /** Stretch beyond the planned end, of a case that has begun. */
  over: Span | null;
  /** x of the leading edge of a late start, and how bad it is. */
  late: { x: number; severity: Severity } | null;
  overlap: boolean;
}

const span = (axis: Axis, from: number | null, to: number | null): Span | null => {
  if (from === null || to === null || to <= from || to <= axis.from || from >= axis.to) return null;
  const x = xOf(axis, from);
  return { x, width: xOf(axis, to) - x };
};

/** Planned, actual and predicted bars of one case at `now`. A cancelled case keeps only its plan. */
export function caseShape(c: OrCaseItem, axis: Axis, now: number, measure: Measure): CaseShape {
  const planned = span(axis, c.scheduledStart, c.scheduledEnd);
  const base = { key: c.key, label: c.addOn ? `+ ${c.short}` : c.short, planned, overlap: c.overlap };
  if (c.state === 'cancelled') return { ...base, labelAt: null, labelOn: 'predicted', actual: null, predicted: null, over: null, late: null };

  const actualEnd = c.outOfRoom ?? (c.inRoom === null ? null : Math.max(now, c.inRoom));
  const actual = span(axis, c.inRoom, actualEnd);
  const predicted = c.outOfRoom !== null ? null : span(axis, c.inRoom === null ? c.predictedStart : now, c.predictedEnd);
  const end = c.outOfRoom ?? c.predictedEnd ?? actualEnd;
  const over = c.scheduledEnd === null || c.inRoom === null ? null : span(axis, Math.max(c.scheduledEnd, c.inRoom), end);

  const kind = c.outOfRoom !== null ? 'done' : 'running';
  const room = measure(base.label) + LABEL_PADDING_PX + (c.severity === 'crit' ? LATE_MARK_PX : 0);
  const lead = actual ?? predicted;
  return {
    ...base,
    ...labelPlace(actual, predicted, kind, room),
    actual: actual && { ...actual, kind },
    predicted,
    over,
    late: c.severity === 'normal' || !lead ? null : { x: lead.x, severity: c.severity },
  };
}

/** The solid part carries the label, unless only the part still to come has the room; where neither has, both do. */
function labelPlace(actual: Span | null, predicted: Span | null, kind: 'done' | 'running', room: number): Pick<CaseShape, 'labelAt' | 'labelOn'> {
  if (!actual || !predicted) return { labelAt: actual ?? predicted, labelOn: actual ? kind : 'predicted' };
  if (room <= actual.width) return { labelAt: actual, labelOn: kind };
  if (room <= predicted.width) return { labelAt: predicted, labelOn: 'predicted' };
  return { labelAt: { x: actual.x, width: predicted.x + predicted.width - actual.x }, labelOn: 'both' };
}

export interface TurnoverShape extends Span {
  severity: Severity;
}

export function turnoverShapes(room: OrRoomItem, axis: Axis): TurnoverShape[] {
  return room.turnovers.flatMap(({ from, to, severity }) => {
    const found = span(axis, from, to);
    return found ? [{ ...found, severity }] : [];
  });
}

import type { OrCaseItem, OrRoomItem } from '#shared/views/boards.ts';
import type { Severity } from '#shared/metrics/result.ts';
import type { Axis } from './axis.ts';
import { xOf } from './axis.ts';

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
  labelOn: 'done' | 'running' | 'predicted';
  planned: Span | null;
  actual: (Span & { kind: 'done' | 'running' }) | null;
  predicted: Span | null;
  /** Stretch beyond the planned end. */
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
export function caseShape(c: OrCaseItem, axis: Axis, now: number): CaseShape {
  const planned = span(axis, c.scheduledStart, c.scheduledEnd);
  const base = { key: c.key, label: c.addOn ? `+ ${c.label}` : c.label, planned, overlap: c.overlap };
  if (c.state === 'cancelled') return { ...base, labelAt: null, labelOn: 'predicted', actual: null, predicted: null, over: null, late: null };

  const actualEnd = c.outOfRoom ?? (c.inRoom === null ? null : Math.max(now, c.inRoom));
  const actual = span(axis, c.inRoom, actualEnd);
  const predicted = c.outOfRoom !== null ? null : span(axis, c.inRoom === null ? c.predictedStart : now, c.predictedEnd);
  const end = c.outOfRoom ?? c.predictedEnd ?? actualEnd;
  const begin = c.inRoom ?? c.predictedStart;
  const over = c.scheduledEnd === null || begin === null ? null : span(axis, Math.max(c.scheduledEnd, begin), end);

  const kind = c.outOfRoom !== null ? 'done' : 'running';
  const onActual = actual !== null && (predicted === null || labelWidth(base.label) <= actual.width || (actual.width >= predicted.width && labelWidth(base.label) > predicted.width));
  const lead = actual ?? predicted;
  return {
    ...base,
    // The solid part carries the label, unless only the part still to come has the room.
    labelAt: onActual ? actual : predicted,
    labelOn: onActual ? kind : 'predicted',
    actual: actual && { ...actual, kind },
    predicted,
    over,
    late: c.severity === 'normal' || !lead ? null : { x: lead.x, severity: c.severity },
  };
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

/** Mean advance of a letter at 1u (22.7 px at u = 16.5), measured on Inter at weight 560. */
const LETTER_PX = 11.8;
const LABEL_PADDING_PX = 14;

const labelWidth = (label: string): number => label.length * LETTER_PX + LABEL_PADDING_PX;

/** As much of a label as the room holds: whole, cut with an ellipsis, or nothing when it would say nothing. */
export function fitLabel(label: string, width: number): string {
  if (labelWidth(label) <= width) return label;
  const most = Math.floor((width - LABEL_PADDING_PX) / LETTER_PX);
  return most >= 4 ? `${label.slice(0, most - 1).trimEnd()}…` : '';
}

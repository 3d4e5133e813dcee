import { hash } from 'node:crypto';
import type { BedBoard } from './beds.ts';
import type { Compiler } from './compile.ts';
import type { Mapping } from './mapping.ts';
import { BadValue } from './problems.ts';
import type { Row } from './table-reader.ts';
import { compileFormat, startOfDay } from './times.ts';
import { asText, type Frame, type Scalar } from './values.ts';

const DAY = 86_400_000;
const parseDate = compileFormat('yyyy-MM-dd');

/** Options that move cases onto another calendar; they override the mapping's own `rebase`. */
export interface RebaseOptions {
  /** Day (yyyy-MM-dd, in the mapping's zone) on which the anchor of each case falls, at the latest. */
  readonly onto?: string | undefined;
  /** Anchors are spread over this many days up to `onto`, by a hash of the case. */
  readonly spreadDays?: number | undefined;
}

export const isRebased = (mapping: Mapping, options: RebaseOptions): boolean =>
  mapping.rebase !== undefined && ('days' in mapping.rebase || (options.onto ?? mapping.rebase.onto) !== undefined);

export const emptyFrame = (row: Row, beds: BedBoard): Frame => ({
  row, next: undefined, previous: undefined, ofCase: 1, caseKey: '', state: {}, shift: 0, beds, lets: new Map(), made: new Map(), at: undefined,
});

/** Days by which a case moves; undefined when it is not to be imported. */
function shiftOf(mapping: Mapping, compiler: Compiler, options: RebaseOptions): (frame: Frame) => number | undefined {
  const rebase = mapping.rebase;
  if (!rebase || !isRebased(mapping, options)) return () => 0;
  if ('days' in rebase) {
    const read = compiler.value(rebase.days, 'rebase.days');
    return (frame) => {
      const text = asText(read(frame));
      if (text === undefined) return undefined;
      if (!/^[+-]?\d+$/.test(text)) throw new BadValue(`rebase.days: "${text}" is not a whole number of days`);
      return Number(text) * DAY;
    };
  }
  const onto = parseDate(options.onto ?? rebase.onto!);
  if (onto === undefined) throw new RangeError(`"${options.onto ?? rebase.onto}" is not a day of the form yyyy-MM-dd`);
  const spread = options.spreadDays ?? rebase.spreadDays;
  const anchor = compiler.time({ $first: [rebase.anchor] }, 'rebase.anchor');
  return (frame) => {
    const at = anchor(frame);
    if (at === undefined) throw new BadValue('rebase.anchor: the case has no such time');
    const days = Number.parseInt(hash('sha256', `${mapping.mapping}\u001f${frame.caseKey}`).slice(0, 8), 16) % spread;
    return onto - days * DAY - startOfDay(at);
  };
}

/** A row in its place: which case, which position in it, and when it counts. */
interface Placed {
  readonly row: Row;
  readonly index: number;
  order: number;
  readonly ties: number;
}

interface Case {
  readonly caseKey: string;
  readonly list: readonly Placed[];
  readonly state: Record<string, Scalar | undefined>;
  readonly made: Map<number, number>;
  readonly shift: number;
}

const frameOf = ({ list, caseKey, state, made, shift }: Case, position: number, beds: BedBoard): Frame => ({
  ...emptyFrame(list[position]!.row, beds), caseKey, state, made, shift, ofCase: position + 1, next: list[position + 1]?.row, previous: list[position - 1]?.row,
});

export type Failed = (row: Row, error: unknown) => void;

/**
 * Gathers rows into cases, moves each case by its shift, and gives frames of all cases in one order of time
 * (ties: `case.ties`, then the order of the file), with state carried within each case. Holds the table in memory.
 */
export async function* framesByCase(
  mapping: Mapping, compiler: Compiler, rows: AsyncIterable<Row>, beds: BedBoard, options: RebaseOptions, failed: Failed, leftOut: (rows: number) => void,
): AsyncGenerator<Frame> {
  const spec = mapping.case!;
  const key = compiler.value(spec.key, 'case.key');
  const order = compiler.time(spec.order, 'case.order');
  const ties = spec.ties === undefined ? () => 0 : compiler.value({ $first: [spec.ties], $as: 'number' }, 'case.ties');
  const shift = shiftOf(mapping, compiler, options);
  const before = spec.before.map((step, index) => ({
    applies: compiler.test(step.when, `case.before[${index}].when`),
    set: compiler.assignments(step.set, `case.before[${index}].set`),
  }));

  const cases = new Map<string, Placed[]>();
  let index = 0;
  for await (const row of rows) {
    const frame = emptyFrame(row, beds);
    try {
      const name = asText(key(frame));
      if (name === undefined) throw new BadValue('the row belongs to no case (case.key is empty)');
      const at = order(frame);
      if (at === undefined) throw new BadValue('the row has no time to order it by (case.order is empty)');
      const placed = { row, index: index++, order: at, ties: Number(ties(frame) ?? 0) };
      const list = cases.get(name);
      if (list) list.push(placed);
      else cases.set(name, [placed]);
    } catch (error) {
      failed(row, error);
    }
  }

  const byOrder = (a: Placed, b: Placed) => a.order - b.order || a.ties - b.ties || a.index - b.index;
  const all: { readonly of: Case; readonly position: number }[] = [];
  for (const [caseKey, list] of cases) {
    list.sort(byOrder);
    try {
      const moved = shift({ ...emptyFrame(list[0]!.row, beds), caseKey });
      if (moved === undefined) {
        leftOut(list.length);
        continue;
      }
      const of: Case = { caseKey, list, state: { ...spec.state }, made: new Map(), shift: moved };
      for (const [position, placed] of list.entries()) {
        if (moved !== 0) placed.order = order(frameOf(of, position, beds))!;
        all.push({ of, position });
      }
    } catch (error) {
      for (const { row } of list) failed(row, error);
    }
  }
  all.sort((a, b) => byOrder(a.of.list[a.position]!, b.of.list[b.position]!));
  for (const { of, position } of all) {
    const frame = frameOf(of, position, beds);
    try {
      for (const step of before) if (step.applies(frame)) step.set(frame);
    } catch (error) {
      failed(frame.row, error);
      continue;
    }
    yield frame;
  }
}

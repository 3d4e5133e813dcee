import type { Envelope } from '#shared/events/envelope.ts';
import { BedBoard } from './beds.ts';
import { emptyFrame, framesByCase, isRebased, type RebaseOptions } from './cases.ts';
import { Compiler } from './compile.ts';
import { loadLookup, type Lookup } from './joins.ts';
import type { Mapping } from './mapping.ts';
import { BadValue, MappingError, StrictStop, type BadRow } from './problems.ts';
import { compileRules, identity, rowIdentity } from './rules.ts';
import { openTable, type Row } from './table-reader.ts';
import { isZone } from './times.ts';
import { asText, type Frame } from './values.ts';

export interface ImportOptions {
  readonly mapping: Mapping;
  /** Name of the mapping file, for messages. */
  readonly mappingFile: string;
  /** Path of the table, plain or gzip. */
  readonly input: string;
  readonly tenant?: string | undefined;
  readonly site?: string | undefined;
  /** Last part of the events' `source`; default from the mapping. */
  readonly instance?: string | undefined;
  /** Time zone of the table's times; default from the mapping. */
  readonly zone?: string | undefined;
  /** Files of joined tables by name, instead of those beside the input. */
  readonly with?: Readonly<Record<string, string>> | undefined;
  /** Bed labels by unit for constructed beds; units not named have beds 1, 2, ... */
  readonly beds?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly rebase?: RebaseOptions | undefined;
  /** Stop at the first bad row. */
  readonly strict?: boolean | undefined;
  readonly onBadRow?: ((row: BadRow) => void) | undefined;
  readonly onProgress?: ((rows: number, events: number) => void) | undefined;
}

export interface ImportSummary {
  readonly mapping: string;
  readonly input: string;
  rows: number;
  events: number;
  byType: Record<string, number>;
  /** Rows to which no event applies, by reason: seen and counted, not lost. */
  skipped: Record<string, number>;
  /** Rows that could not be read or not be turned into all of their events. */
  badRows: number;
  /** Events that carry the `constructed` mark. */
  constructed: number;
  /** Time of the earliest and the latest event. */
  from: string | null;
  to: string | null;
  warnings: string[];
}

/** Takes events in order; what it returns is awaited, so a slow consumer holds the import back. */
export type EventSink = (event: Envelope) => void | Promise<void>;

const PROGRESS_ROWS = 20_000;

/**
 * Turns a delimited table into events by a mapping. With a `case` section the rows are gathered first and events come
 * in order of time; without one rows stream in the order of the file and memory stays flat.
 * @throws MappingError, TableError, and StrictStop when strict.
 */
export async function importTable(options: ImportOptions, sink: EventSink): Promise<ImportSummary> {
  const { mapping, mappingFile } = options;
  const summary: ImportSummary = {
    mapping: mapping.mapping, input: options.input, rows: 0, events: 0, byType: {}, skipped: {}, badRows: 0, constructed: 0, from: null, to: null, warnings: [],
  };
  let stop: StrictStop | undefined;
  let lastBad: string | undefined;
  const bad = (row: BadRow) => {
    const place = `${row.file}:${row.line}`;
    if (place !== lastBad) summary.badRows++;
    lastBad = place;
    options.onBadRow?.(row);
    if (options.strict) stop ??= new StrictStop(row);
  };
  const zone = options.zone ?? mapping.time.zone;
  if (!isZone(zone)) throw new MappingError(mappingFile, 'time.zone', `"${zone}" is not a time zone; use an IANA name such as Europe/Amsterdam`);

  const lookups = new Map<string, Lookup | undefined>();
  for (const name of Object.keys(options.with ?? {})) {
    if (!(name in mapping.joins)) throw new MappingError(mappingFile, 'joins', `there is no table "${name}" to be given by --with; the mapping joins ${Object.keys(mapping.joins).join(', ') || 'none'}`);
  }
  for (const [name, join] of Object.entries(mapping.joins)) {
    const lookup = await loadLookup(options.input, name, join, options.with?.[name], mapping.table, bad);
    lookups.set(name, lookup);
    if (!lookup) summary.warnings.push(`table "${name}" (${join.file}) was not found beside the input: what comes from it is left out`);
  }

  const table = await openTable(options.input, mapping.table, (row) => {
    summary.rows++;
    bad(row);
  });
  const compiler = new Compiler(mapping, mappingFile, table, lookups, zone);
  const rebase = options.rebase ?? {};
  if (rebase.onto && !(mapping.rebase && 'anchor' in mapping.rebase)) {
    throw new MappingError(mappingFile, 'rebase', 'is not there, so cases cannot be moved; add rebase.anchor');
  }
  const origin = { tenant: options.tenant ?? 'local', site: options.site ?? 'main', instance: options.instance ?? mapping.source.instance };
  const rules = compileRules(mapping, mappingFile, compiler, origin, isRebased(mapping, rebase));
  const nameRow = rowIdentity(mapping, compiler);
  const skips = mapping.skip.map((skip, index) => ({ applies: compiler.test(skip.when, `skip[${index}].when`), reason: skip.reason }));
  const otherwise = compiler.value(mapping.otherwise, 'otherwise');
  const beds = new BedBoard(options.beds);

  const count = (reason: string, by = 1) => void (summary.skipped[reason] = (summary.skipped[reason] ?? 0) + by);
  const failed = (row: Row, error: unknown) => {
    if (!(error instanceof BadValue)) throw error;
    bad({ file: table.file, line: row.line, reason: error.message });
  };
  const repeated = new Set<string>();
  async function* counted(): AsyncGenerator<Row> {
    for await (const row of table.rows) {
      if (stop) throw stop;
      if (++summary.rows % PROGRESS_ROWS === 0) options.onProgress?.(summary.rows, summary.events);
      if (mapping.table.repeatedRows === 'skip') {
        const content = identity(...row.cells);
        if (repeated.has(content)) {
          count('repeats an earlier row in every cell');
          continue;
        }
        repeated.add(content);
      }
      yield row;
    }
  }
  async function* streamed(): AsyncGenerator<Frame> {
    for await (const row of counted()) yield emptyFrame(row, beds);
  }

  const give = async (event: Envelope) => {
    summary.events++;
    summary.byType[event.type] = (summary.byType[event.type] ?? 0) + 1;
    if (event.constructed) summary.constructed++;
    if (summary.from === null || event.time < summary.from) summary.from = event.time;
    if (summary.to === null || event.time > summary.to) summary.to = event.time;
    await sink(event);
  };

  const eventsOf = (frame: Frame): Envelope[] => {
    const made: Envelope[] = [];
    try {
      const skip = skips.find(({ applies }) => applies(frame));
      if (skip) {
        count(skip.reason);
        return made;
      }
      // All conditions see the state before the row, so one event's `then` cannot call up another of the same row.
      const applicable = rules.filter((rule) => rule.applies(frame));
      if (applicable.length === 0) {
        count(asText(otherwise(frame)) ?? mapping.otherwise);
        return made;
      }
      const rowId = nameRow(frame);
      const done = applicable.filter((rule) => {
        try {
          return made.push(rule.make(frame, rowId));
        } catch (error) {
          return failed(frame.row, error);
        }
      });
      for (const rule of done) rule.after(frame);
    } catch (error) {
      failed(frame.row, error);
    }
    return made;
  };

  if (mapping.case) {
    const all: Envelope[] = [];
    for await (const frame of framesByCase(mapping, compiler, counted(), beds, rebase, failed, (rows) => count('the case is not in the plan of the rebase', rows))) {
      all.push(...eventsOf(frame));
      if (stop) throw stop;
    }
    all.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    for (const event of all) await give(event);
  } else {
    for await (const frame of streamed()) {
      for (const event of eventsOf(frame)) await give(event);
      if (stop) throw stop;
    }
  }
  if (stop) throw stop;
  for (const [unit, times] of beds.full) summary.warnings.push(`unit "${unit}": no free bed for ${times} placements; they carry no bed`);
  options.onProgress?.(summary.rows, summary.events);
  return summary;
}

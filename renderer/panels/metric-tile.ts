import type { ComputedRef } from 'vue';
import { computed } from 'vue';
import type { FreshnessState } from '#shared/freshness.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { CHANGE_MS } from '#shared/views/trend.ts';
import { changeText, limitText, POINTS, rangeText, valueParts, valueText } from '../format/number.ts';
import type { Part } from '../format/number.ts';
import { clockMinute, windowText } from '../format/time.ts';
import { shortKind } from '../format/unit-kind.ts';
import { useFrame } from '../stores/frame.ts';
import { usePanelAge } from './panel-age.ts';
import type { PanelAge } from './panel-age.ts';

export const FIGURES = { value: '', p50: 'median', p90: 'p90', mean: 'mean', max: 'max', within: 'in target' } as const;

/** Fewer samples than these are told with the window (`15 today`): a percentile of them moves with every one. */
const FEW = 100;

const DAY_MS = 25 * 3_600_000;

/** How far back the trend goes: `8 h`; nothing where there is none. */
function trendSpan({ trend, at }: MetricItem): string {
  const first = trend[0]?.[0];
  return first === undefined || at <= first ? '' : windowText(at - first);
}

/** Window of the value: `8 h`, `today` for one that begins with the site's day, with the number of samples where they are few; `now`. */
export function spanText({ from, to, samples = FEW }: MetricItem, zone: string): string {
  if (from === undefined || to === undefined) return 'now';
  const few = samples < FEW ? `${samples} ` : '';
  if (to - from <= DAY_MS && clockMinute(from, zone) === '00:00') return `${few}today`;
  return few === '' ? windowText(to - from) : `${few}in ${windowText(to - from)}`;
}

/** Units that a tile abbreviates. Points of a score go without: `pts` on a wall are patients. */
const TILE_UNITS: Readonly<Record<string, string>> = { patients: 'pts', patient: 'pt', pts: '', pt: '' };

const tileUnit = (unit: string): string => TILE_UNITS[unit] ?? unit;

/** A value as a tile prints it, in one part or two. */
export const tileParts = (item: MetricItem, value: number | null): Part[] => valueParts(item, value).map(({ text, unit }) => ({ text, unit: tileUnit(unit) }));

/** The change with its unit and its span: `▼8.2 min in 2 h`; empty when it is not known. */
export function changeNote(item: MetricItem): string {
  const text = changeText(item, item.change, tileUnit);
  return text === '' ? '' : `${text} in ${windowText(CHANGE_MS)}`;
}

/** What a tile calls its number, and below: of which part of the house it is, and by which definition. */
export function tileTitle({ title, short = title, scope, detail }: MetricItem): { name: string; detail: string } {
  const part = Object.entries(scope).map(([key, value]) => (key === 'unit_kind' ? shortKind(value) : value));
  return { name: short, detail: [...part, detail].filter(Boolean).join(', ') };
}

/** Where a number has no normal range: the extremes of its trend; nothing of a count, which only grows. */
export function seenText(item: MetricItem): string {
  if (item.trend.length < 2 || item.kind === 'count') return '';
  const values = item.trend.map(([, value]) => value);
  const [low, high] = [limitText(item, Math.min(...values)), limitText(item, Math.max(...values))];
  return low === high ? `${low} for ${trendSpan(item)}` : `${low}–${high} in ${trendSpan(item)}`;
}

/** The change is for the worse: only then does it take the number's severity. */
export function isWorse({ change, direction, severity, value, normal }: MetricItem): boolean {
  if (severity === 'normal' || change === null || change === 0) return false;
  if (direction === 'band') return value !== null && (normal[1] !== null && value > normal[1] ? change > 0 : change < 0);
  return direction === 'low' ? change < 0 : change > 0;
}

const SPOKEN = { normal: '', warn: 'warning', crit: 'critical' } as const;

/** What the tile says, as a sentence. */
export function spokenText(item: MetricItem, state: FreshnessState, zone: string): string {
  const { title, severity, definition } = item;
  const name = [title.replace(/ \(.*\)$/, ''), tileTitle(item).detail].filter(Boolean).join(', ');
  if (item.value === null || state === 'lost') return `${name}: ${item.value === null ? (item.reason ?? 'unknown') : 'no data'}. ${definition}`;
  const normal = rangeText(item);
  const change = changeNote(item).replace('▲', 'up ').replace('▼', 'down ').replace(POINTS, 'percentage points').replace('±0', 'no change');
  const facts = [`${FIGURES[item.figure]} ${valueText(item, item.value)}`.trim(), SPOKEN[severity], normal && `normal ${normal}`, spanText(item, zone), state === 'stale' ? 'stale' : change];
  return `${name}: ${facts.filter(Boolean).join(', ')}. ${definition}`;
}

export interface TileText {
  age: PanelAge;
  /** The number is there and may be shown. */
  known: ComputedRef<boolean>;
  name: ComputedRef<string>;
  /** Scope and definition, in short words. */
  detail: ComputedRef<string>;
  parts: ComputedRef<Part[]>;
  figure: ComputedRef<string>;
  range: ComputedRef<string>;
  change: ComputedRef<string>;
  /** The change is for the worse. */
  worse: ComputedRef<boolean>;
  window: ComputedRef<string>;
  /** How far back the trend goes, unless the range says so. */
  reach: ComputedRef<string>;
  reason: ComputedRef<string>;
  summary: ComputedRef<string>;
}

/** Everything a tile prints about one number, from the item and the freshness of its sources alone. */
export function useTileText(item: () => MetricItem): TileText {
  const frame = useFrame();
  const age = usePanelAge(() => item().feeds);
  const known = computed(() => item().value !== null && !age.lost.value);
  const parts = computed(() => tileParts(item(), known.value ? item().value : null));
  const name = computed(() => tileTitle(item()).name);
  const detail = computed(() => tileTitle(item()).detail);
  const figure = computed(() => FIGURES[item().figure]);
  const range = computed(() => rangeText(item()) ?? (known.value ? seenText(item()) : ''));
  const worse = computed(() => isWorse(item()));
  const change = computed(() => (age.stale.value ? '—' : known.value ? changeNote(item()) : ''));
  const window = computed(() => (known.value ? spanText(item(), frame.zone) : ''));
  const reach = computed(() => (rangeText(item()) === null ? '' : trendSpan(item())));
  const reason = computed(() => (item().value === null ? (item().reason ?? 'unknown') : ''));
  const summary = computed(() => spokenText(item(), age.state.value, frame.zone));
  return { age, known, name, detail, parts, figure, range, change, worse, window, reach, reason, summary };
}

/** What a test needs to ask the metric library for the very number on the screen. */
export function numberAttributes(item: MetricItem): Record<string, string> {
  const attributes: Record<string, string> = {
    'data-metric': item.metric,
    'data-scope': JSON.stringify(item.scope),
    'data-figure': item.figure,
    'data-at': String(item.at),
    'data-value': String(item.value),
  };
  if (item.from !== undefined) attributes['data-from'] = String(item.from);
  if (item.to !== undefined) attributes['data-to'] = String(item.to);
  return attributes;
}

/** The same for the whole that a number is a part of. */
export const wholeAttributes = (of: NonNullable<MetricItem['of']>, item: MetricItem): Record<string, string> =>
  numberAttributes({ ...item, ...of, figure: 'value' });

/** The same for a figure that a view carries beside its metric items. */
export const plainAttributes = (metric: string, scope: Record<string, string>, value: number | null, at: number): Record<string, string> => ({
  'data-metric': metric,
  'data-scope': JSON.stringify(scope),
  'data-figure': 'value',
  'data-at': String(at),
  'data-value': String(value),
});

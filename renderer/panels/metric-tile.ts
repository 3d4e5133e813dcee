import type { ComputedRef } from 'vue';
import { computed } from 'vue';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { changeText, limitText, rangeText, valueParts, valueText } from '../format/number.ts';
import type { Part } from '../format/number.ts';
import { clockMinute, windowText } from '../format/time.ts';
import { useFrame } from '../stores/frame.ts';
import type { FreshnessState } from '../stores/freshness.ts';

export const FIGURES = { value: '', p50: 'median', p90: 'p90', mean: 'mean', max: 'max', within: 'in target' } as const;

/** Fewer samples than these are told with the window (`15 today`, or `n 15` where that is too long): a percentile of them moves with every one. */
const FEW = 100;

const DAY_MS = 25 * 3_600_000;

/** Window of the value, or of its trend: `8 h`, `today` for a window that begins with the site's day. */
export function spanText({ from, to, trend, at }: MetricItem, zone: string): string {
  if (from !== undefined && to !== undefined) return to - from <= DAY_MS && clockMinute(from, zone) === '00:00' ? 'today' : windowText(to - from);
  const first = trend[0]?.[0];
  return first === undefined || at <= first ? 'now' : windowText(at - first);
}

/** Units that a tile abbreviates. Points of a score go without: `pts` on a wall are patients. */
const TILE_UNITS: Readonly<Record<string, string>> = { patients: 'pts', patient: 'pt', pts: '', pt: '' };

/** A value as a tile prints it, in one part or two. */
export const tileParts = (item: MetricItem, value: number | null): Part[] => valueParts(item, value).map(({ text, unit }) => ({ text, unit: TILE_UNITS[unit] ?? unit }));

/** What a tile calls its number: the short title, else the title and the definition set apart from it. */
export const tileTitle = (item: MetricItem): { name: string; detail: string } => (item.short === undefined ? titleParts(item.title) : { name: item.short, detail: '' });

/** Where a number has no normal range: the extremes of its trend; nothing of a count, which only grows. */
export function seenText({ trend, ...item }: MetricItem): string {
  if (trend.length < 2 || item.kind === 'count') return '';
  const values = trend.map(([, value]) => value);
  const [low, high] = [limitText(item, Math.min(...values)), limitText(item, Math.max(...values))];
  return low === high ? `was ${low}` : `was ${low}–${high}`;
}

/** The change is for the worse: only then does it take the number's severity. */
export function isWorse({ change, direction, severity, value, normal }: MetricItem): boolean {
  if (severity === 'normal' || change === null || change === 0) return false;
  if (direction === 'band') return value !== null && (normal[1] !== null && value > normal[1] ? change > 0 : change < 0);
  return direction === 'low' ? change < 0 : change > 0;
}

/** A title and the definition in brackets behind it, which a tile sets apart: `Utilisation`, `in-room + turnover`. */
export function titleParts(title: string): { name: string; detail: string } {
  const [, name = title, detail = ''] = /^(.*?) \((.*)\)$/.exec(title) ?? [];
  return { name, detail };
}

/** Which figure of a distribution it is, and of how many samples: `p90 of 629`. */
export const figureText = ({ figure, samples }: MetricItem): string => (samples === undefined ? FIGURES[figure] : `${FIGURES[figure]} of\u00a0${samples}`.trim());

export interface TileText {
  state: ComputedRef<FreshnessState>;
  /** The number is there and may be shown. */
  known: ComputedRef<boolean>;
  name: ComputedRef<string>;
  /** Which start and end, or which definition, where the title says so. */
  detail: ComputedRef<string>;
  parts: ComputedRef<Part[]>;
  figure: ComputedRef<string>;
  range: ComputedRef<string>;
  change: ComputedRef<string>;
  /** The change is for the worse. */
  worse: ComputedRef<boolean>;
  window: ComputedRef<string>;
  /** How many samples a percentile rests on, where they are few. */
  few: ComputedRef<string>;
  reason: ComputedRef<string>;
  summary: ComputedRef<string>;
}

/** Everything a tile prints about one number, from the item and the freshness of its sources alone. */
export function useTileText(item: () => MetricItem): TileText {
  const frame = useFrame();
  const state = computed(() => frame.freshnessOf(item().feeds).state);
  const known = computed(() => item().value !== null && state.value !== 'lost');
  const parts = computed(() => tileParts(item(), known.value ? item().value : null));
  const name = computed(() => tileTitle(item()).name);
  const detail = computed(() => tileTitle(item()).detail);
  const figure = computed(() => FIGURES[item().figure]);
  const range = computed(() => rangeText(item()) ?? seenText(item()));
  const worse = computed(() => isWorse(item()));
  const change = computed(() => (state.value === 'stale' ? '—' : known.value ? changeText(item(), item().change) : ''));
  const window = computed(() => spanText(item(), frame.zone));
  const few = computed(() => ((item().samples ?? FEW) < FEW ? String(item().samples) : ''));
  const reason = computed(() => (item().value === null ? (item().reason ?? 'unknown') : ''));
  const summary = computed(() => {
    const { title, severity, definition } = item();
    const value = known.value ? valueText(item(), item().value) : reason.value || 'no data';
    const alarm = severity === 'normal' ? '' : severity === 'crit' ? ', critical' : ', warning';
    const normal = rangeText(item());
    return `${title} ${figureText(item())} ${value}${alarm}${normal === null ? '' : `, normal ${normal}`}, ${window.value}. ${definition}`.replace(/ +/g, ' ');
  });
  return { state, known, name, detail, parts, figure, range, change, worse, window, few, reason, summary };
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

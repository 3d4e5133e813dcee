import type { ComputedRef } from 'vue';
import { computed } from 'vue';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { changeText, rangeText, valueParts, valueText } from '../format/number.ts';
import type { Part } from '../format/number.ts';
import { clockMinute, windowText } from '../format/time.ts';
import { useFrame } from '../stores/frame.ts';
import type { FreshnessState } from '../stores/freshness.ts';

const FIGURES = { value: '', p50: 'median', p90: 'p90', mean: 'mean', max: 'max', within: 'in target' } as const;

const DAY_MS = 25 * 3_600_000;

/** Window of the value, or of its trend: `8 h`, `today` for a window that begins with the site's day. */
export function spanText({ from, to, trend, at }: MetricItem, zone: string): string {
  if (from !== undefined && to !== undefined) return to - from <= DAY_MS && clockMinute(from, zone) === '00:00' ? 'today' : windowText(to - from);
  const first = trend[0]?.[0];
  return first === undefined || at <= first ? 'now' : windowText(at - first);
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
  window: ComputedRef<string>;
  reason: ComputedRef<string>;
  summary: ComputedRef<string>;
}

/** Everything a tile prints about one number, from the item and the freshness of its sources alone. */
export function useTileText(item: () => MetricItem): TileText {
  const frame = useFrame();
  const state = computed(() => frame.freshnessOf(item().feeds).state);
  const known = computed(() => item().value !== null && state.value !== 'lost');
  const parts = computed(() => valueParts(item(), known.value ? item().value : null));
  const name = computed(() => titleParts(item().title).name);
  const detail = computed(() => titleParts(item().title).detail);
  const figure = computed(() => figureText(item()));
  const range = computed(() => rangeText(item()) ?? 'no range');
  const change = computed(() => (state.value === 'stale' ? '—' : known.value ? changeText(item(), item().change) : ''));
  const window = computed(() => spanText(item(), frame.zone));
  const reason = computed(() => (item().value === null ? (item().reason ?? 'unknown') : ''));
  const summary = computed(() => {
    const { title, severity, definition } = item();
    const value = known.value ? valueText(item(), item().value) : reason.value || 'no data';
    const alarm = severity === 'normal' ? '' : severity === 'crit' ? ', critical' : ', warning';
    return `${title} ${figure.value} ${value}${alarm}, normal ${range.value}, ${window.value}. ${definition}`.replace(/ +/g, ' ');
  });
  return { state, known, name, detail, parts, figure, range, change, window, reason, summary };
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

/** The same for a figure that a view carries beside its metric items. */
export const plainAttributes = (metric: string, scope: Record<string, string>, value: number | null, at: number): Record<string, string> => ({
  'data-metric': metric,
  'data-scope': JSON.stringify(scope),
  'data-figure': 'value',
  'data-at': String(at),
  'data-value': String(value),
});

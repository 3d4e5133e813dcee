/** One metric family of the Prometheus text format. */
export interface Family {
  /** With its unit, and `_total` for counters. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Unknown samples are left out: Prometheus has no null, and 0 would be a lie. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  /** Of histograms: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
  readonly value: number | null;
}

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

const labelled = (labels: Readonly<Record<string, string>>) => Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`).join(',');

/** Text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
export function exposition(families: readonly Family[]): string {
  return families
    .map(({ name, kind, help, samples }) => {
      const lines = samples.flatMap(({ labels = {}, suffix = '', value }) => (value === null ? [] : [`${name}${suffix}${Object.keys(labels).length > 0 ? `{${labelled(labels)}}` : ''} ${value}\n`]));
      return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
    })
    .join('');
}

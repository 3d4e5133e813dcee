import { DATA_SETS } from '#core/simulate/parameters.ts';
import type { Branch } from './billing.ts';
import type { Compared, Moved } from './compare.ts';
import type { Finding } from './finding.ts';
import type { OrService } from './or-cases.ts';
import type { Sepsis } from './sepsis.ts';

type Found = { cases: Sepsis; services: readonly OrService[]; findings: readonly Finding[]; claims: { cases: number; branches: readonly Branch[] }; compared: readonly Compared[]; moves: readonly Moved[] };

/** Replaces the parts of the page between `<!-- fit:NAME -->` and `<!-- /fit:NAME -->`. @throws when one is missing */
export function report(page: string, found: Found): string {
  const parts = {
    times: times(found.cases),
    durations: DATA_SETS.map((set) => durations(set, found.findings.filter((finding) => finding.from === set && finding.fit))).join('\n\n'),
    services: services(found.services),
    shares: shares(found.findings.filter((finding) => !finding.fit && typeof finding.parameter?.value === 'number')),
    branches: branches(found.claims.branches),
    compared: compared(found.compared),
    scenarios: scenarios(found.moves),
  };
  return Object.entries(parts).reduce((text, [name, body]) => {
    const [open, close] = [`<!-- fit:${name} -->`, `<!-- /fit:${name} -->`];
    const [from, to] = [text.indexOf(open), text.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`docs/demo-hospital.md has no ${open} ... ${close}`);
    return `${text.slice(0, from + open.length)}\n${body}\n${text.slice(to)}`;
  }, page);
}

const table = (head: readonly string[], lines: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const figure = (value: number): string => (value >= 1000 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(3));
const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;

function model(finding: Finding): string {
  const [[family, parameters]] = Object.entries(finding.fit!.of) as [[string, Record<string, number>]];
  if (family === 'quantiles') return 'quantile table';
  return `${family} ${Object.entries(parameters).map(([name, value]) => `${name} ${figure(value)}`).join(', ')}`;
}

const durations = (set: string, findings: readonly Finding[]): string =>
  `**${set}**\n\n${table(
    ['what', 'unit', 'n', 'left out', 'model', 'KS', 'best family by AIC (its KS)', 'p50 data / model', 'p90 data / model', 'parameter'],
    findings.map((finding) => {
      const fit = finding.fit!;
      const [best, second] = fit.candidates as [(typeof fit.candidates)[0], (typeof fit.candidates)[0]];
      return [
        ...[finding.title, finding.unit, fit.n, fit.left, model(finding), fit.ks.toFixed(3)],
        `${Object.keys(best.of)[0]} (${best.ks.toFixed(3)}), next ${Object.keys(second.of)[0]} +${(second.aic - best.aic).toFixed(0)}`,
        ...[fit.p50, fit.p90].map((both) => both.map(figure).join(' / ')),
        finding.parameter?.path ? `\`${finding.parameter.path}\`` : finding.observed ? `compared: \`${finding.observed}\`` : '',
      ];
    }),
  )}`;

const services = (all: readonly OrService[]): string =>
  table(
    ['service', 'cases', 'booked min', 'in room / booked p50', 'p90', 'model', 'KS'],
    all.map(({ service, cases, procedures, ratio }) => [
      ...[service, cases, [...new Set(procedures.map(({ booked }) => booked))].sort((a, b) => a - b).join(', ')],
      ...[figure(ratio.fit!.p50[0]), figure(ratio.fit!.p90[0]), model(ratio), ratio.fit!.ks.toFixed(3)],
    ]),
  );

const shares = (findings: readonly Finding[]): string =>
  table(
    ['what', 'value', 'unit', 'n', 'set', 'parameter'],
    findings.map(({ title, unit, n, from, parameter }) => [title, unit === 'share' ? percent(parameter!.value as number) : (parameter!.value as number), unit, n, from, parameter!.path === '' ? '' : `\`${parameter!.path}\``]),
  );

const branches = (all: readonly Branch[]): string =>
  table(
    ['after', 'comes', 'n', 'share', 'days p50', 'days p90'],
    all.map(({ from, to, n, share, p50, p90 }) => [from, to, n, percent(share), ...[p50, p90].map((days) => (days === undefined ? '' : days < 0.01 ? '< 0.01' : figure(days)))]),
  );

const times = ({ hours, evenHours, evenDays, waves, returns }: Sepsis): string =>
  [
    `Registrations by hour from midnight: ${hours.join(', ')}. Chance of such counts if times of day were random: ${evenHours < 1e-6 ? 'below 1 in a million' : evenHours.toPrecision(2)}.`,
    `By day of the week the same test gives ${evenDays.toFixed(2)}: weekdays were randomised, or do not matter.`,
    `The course over the day is smoothed as a sum of ${waves} waves (lowest AIC of 1, 2, 3).`,
    `${returns.all} of ${returns.releases} released patients came back, ${returns.within72h} of them within 72 h.`,
  ].join(' ');

const change = (from: number, to: number): string => `${to >= from ? '+' : '-'}${Math.abs((to / from - 1) * 100).toFixed(0)}%`;

const compared = (all: readonly Compared[]): string =>
  table(
    ['measure', 'unit', 'n data', 'n simulated', 'p50 data', 'simulated', '', 'p90 data', 'simulated', ''],
    all.map(({ name, unit, n, values, data, simulated }) => [`\`${name}\``, unit, n, values, ...[0, 1].flatMap((at) => [figure(data[at]!), figure(simulated[at]!), change(data[at]!, simulated[at]!)])]),
  );

const scenarios = (all: readonly Moved[]): string =>
  table(
    ['scenario', 'measure, min', 'p50 usual', 'then', 'p90 usual', 'then'],
    all.map(({ scenario, name, usual, then }) => [scenario, `\`${name}\``, ...[0, 1].flatMap((at) => [figure(usual[at]!), `${figure(then[at]!)} (${change(usual[at]!, then[at]!)})`])]),
  );

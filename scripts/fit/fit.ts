import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Document } from 'yaml';
import { parseDocument, stringify } from 'yaml';
import { readParameters } from '#core/simulate/parameters.ts';
import { billing } from './billing.ts';
import { compare, scenarioMoves } from './compare.ts';
import { significant } from './families.ts';
import type { Finding } from './finding.ts';
import { mimic } from './mimic.ts';
import type { OrService } from './or-cases.ts';
import { orCases } from './or-cases.ts';
import { report } from './report.ts';
import { sepsis } from './sepsis.ts';

const ROOT = join(import.meta.dirname, '../..');
const PARAMETERS = join(ROOT, 'resources/demo/parameters.yaml');
const OBSERVED = join(ROOT, 'resources/demo/observed.yaml');
const SCENARIOS = readdirSync(join(ROOT, 'resources/demo/scenarios')).map((file) => file.replace('.yaml', '')).sort();
const PAGE = join(ROOT, 'docs/demo-hospital.md');
/** Long enough for the percentiles of operating rooms. */
const COMPARED_DAYS = 21;
const YAML = { lineWidth: 0, flowCollectionPadding: true } as const;

/** Writes what a data set says over a parameter, its unit left as it stands. */
function write(document: Document, { parameter, from, n }: Finding): void {
  if (!parameter || parameter.path === '') return;
  const path = parameter.path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  if (!document.hasIn([...path, 'value'])) throw new Error(`${PARAMETERS} has no ${parameter.path} to write`);
  document.setIn([...path, 'value'], document.createNode(parameter.value, { flow: true }));
  document.setIn([...path, 'from'], from);
  document.setIn([...path, 'n'], n);
  if (parameter.note === undefined) document.deleteIn([...path, 'note']);
  else document.setIn([...path, 'note'], parameter.note);
}

/** Booked minutes, mix and overrun of the services that the file runs; who stays afterwards is not in the data. */
function writeServices(document: Document, services: readonly OrService[]): void {
  const listed = document.toJS() as { surgery: { services: { value: { service: string; procedures: { name: string }[] } }[] } };
  listed.surgery.services.forEach(({ value }, i) => {
    const found = services.find(({ service }) => service === value.service);
    if (!found) return;
    const at = ['surgery', 'services', i];
    document.setIn([...at, 'n'], found.cases);
    document.setIn([...at, 'value', 'durationRatio'], document.createNode(found.ratio.fit!.of, { flow: true }));
    value.procedures.forEach(({ name }, k) => {
      const same = found.procedures.filter((procedure) => procedure.name === name);
      const cases = same.reduce((sum, procedure) => sum + procedure.cases, 0);
      if (cases === 0) throw new Error(`the data have no ${name} of ${value.service}`);
      const most = same.reduce((a, b) => (b.cases > a.cases ? b : a));
      document.setIn([...at, 'value', 'procedures', k, 'share'], Number((cases / found.cases).toFixed(3)));
      document.setIn([...at, 'value', 'procedures', k, 'bookedMinutes'], most.booked);
    });
  });
}

function writeImaging(document: Document, counts: Record<string, number>, patientDays: number): void {
  const { imaging } = document.toJS() as { imaging: { modalities: { modality: string }[] } };
  imaging.modalities.forEach(({ modality }, i) => {
    const n = counts[modality];
    if (n === undefined) throw new Error(`the data have no orders of modality ${modality}`);
    const at = ['imaging', 'modalities', i, 'perInpatientDay'];
    document.setIn([...at, 'value'], Number((n / patientDays).toFixed(3)));
    document.setIn([...at, 'n'], n);
  });
}

const observed = (findings: readonly Finding[]): string =>
  `# What the data sets show of things that the demo hospital is measured by; written by npm run fit.\n${stringify(
    Object.fromEntries(
      findings.filter((finding) => finding.observed && finding.fit).map(({ observed: name, unit, from, n, fit }) => [name!, { unit, from, n, p50: significant(fit!.p50[0]), p90: significant(fit!.p90[0]) }]),
    ),
    { ...YAML, collectionStyle: 'any' },
  )}`;

const { data } = new Command('fit')
  .description('fit the demo hospital to real data: writes resources/demo/parameters.yaml, observed.yaml and the tables of docs/demo-hospital.md')
  .requiredOption('--data <dir>', 'directory with sepsis-cases-4tu, or-utilization-2022q1, mimic-iv-demo-2.2 and hospital-billing-4tu')
  .parse()
  .opts<{ data: string }>();

const told = <T>(name: string, read: (data: string) => T): T => {
  process.stderr.write(`${name} ...\n`);
  return read(data);
};

try {
  const cases = told('sepsis cases', sepsis);
  const rooms = told('operating room cases', orCases);
  const stays = told('MIMIC-IV demo', mimic);
  const claims = told('hospital billing', billing);
  const findings = [...cases.findings, ...rooms.findings, ...stays.findings, ...claims.findings];
  const document = parseDocument(readFileSync(PARAMETERS, 'utf8'));
  for (const finding of findings) write(document, finding);
  writeServices(document, rooms.services);
  writeImaging(document, stays.imaging, stays.patientDays);
  readParameters(document.toJS());
  writeFileSync(PARAMETERS, document.toString(YAML));
  writeFileSync(OBSERVED, observed(findings));
  const compared = told('demo hospital', () => compare(COMPARED_DAYS));
  const moves = told('scenarios', () => scenarioMoves(SCENARIOS));
  writeFileSync(PAGE, report(readFileSync(PAGE, 'utf8'), { cases, services: rooms.services, findings, claims, compared, moves }));
  process.stderr.write(`${findings.length} findings written to ${PARAMETERS}, ${OBSERVED} and ${PAGE}\n`);
} catch (error) {
  process.stderr.write(`fit: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

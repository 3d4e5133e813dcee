import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expectedOfBilling } from './billing.ts';
import type { Expected } from './expectation.ts';
import { expectedOfLabs } from './labs.ts';
import { expectedOfOrCases } from './or-cases.ts';
import { expectedOfSepsis } from './sepsis.ts';
import { expectedOfTransfers } from './transfers.ts';

/** One raw table with the mapping that reads it and the answers computed without any of Vigil's code. */
export interface DataSet {
  readonly name: string;
  readonly mapping: string;
  readonly input: string;
  /** Of the input, or of a part of it. */
  readonly expected: (input?: string) => Expected;
}

const KNOWN: readonly { folder: RegExp; file: RegExp; under?: string; mapping: string; expected: (file: string) => Expected }[] = [
  { folder: /sepsis/i, file: /\.csv(\.gz)?$/, mapping: 'sepsis-log', expected: expectedOfSepsis },
  { folder: /^or-/i, file: /\.csv(\.gz)?$/, mapping: 'or-cases', expected: expectedOfOrCases },
  { folder: /billing/i, file: /\.csv(\.gz)?$/, mapping: 'hospital-billing', expected: expectedOfBilling },
  { folder: /mimic/i, file: /^labevents\.csv(\.gz)?$/, under: 'hosp', mapping: 'mimic-iv-labs', expected: expectedOfLabs },
  { folder: /mimic/i, file: /^transfers\.csv(\.gz)?$/, under: 'hosp', mapping: 'mimic-iv-transfers', expected: expectedOfTransfers },
];

/** The data sets that are there under a directory of `npm run prove -- --data DIR`, known by the names of their folders. */
export function dataSets(dir: string): DataSet[] {
  return readdirSync(dir).sort().flatMap((folder) =>
    KNOWN.filter((known) => known.folder.test(folder)).flatMap(({ under = '', file, mapping, expected }) => {
      const place = join(dir, folder, under);
      if (!existsSync(place)) return [];
      return readdirSync(place).filter((name) => file.test(name)).map((name) => {
        const input = join(place, name);
        return { name: `${folder}/${name}`, mapping, input, expected: (of = input) => expected(of) };
      });
    }),
  );
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documentedValues, readParameters } from '#core/simulate/parameters.ts';

const FILE = fileURLToPath(new URL('../../../resources/demo/parameters.yaml', import.meta.url));
type Tree = { [key: string]: Tree };
const shipped = (): Tree => parse(readFileSync(FILE, 'utf8')) as Tree;
/** The shipped file with one place changed. */
function changed(path: string, value: unknown): Tree {
  const document = shipped();
  const keys = path.split('.');
  const last = keys.pop()!;
  (keys.reduce((node, key) => node[key]!, document) as Record<string, unknown>)[last] = value;
  return document;
}

describe('the shipped parameters', () => {
  it('are what the demo hospital reads', () => {
    const parameters = readParameters(shipped());
    expect(parameters.ed.arrivals.byHour).toHaveLength(24);
    expect(parameters.surgery.services.map(({ service }) => service)).toContain('Orthopedics');
  });

  it('each name their unit and origin; fitted ones name a set that the file describes', () => {
    const values = documentedValues(shipped());
    expect(values.size).toBeGreaterThan(80);
    for (const [path, { from, unit }] of values) {
      expect(unit, path).not.toBe('');
      if (from !== 'assumed') expect(shipped()['sources'], path).toHaveProperty(from);
    }
    expect(values.get('lab.stat')).toMatchObject({ from: 'mimic-iv-demo', unit: 'share' });
  });

  it('no assumption is left that a fit was to replace', () => {
    for (const [path, { note }] of documentedValues(shipped())) expect(note ?? '', path).not.toContain('replaced');
  });
});

describe('a parameter file is refused with the place and the reason', () => {
  it.each([
    ['a value without unit and origin', 'ed.ventilated', 0.3, /^ed\.ventilated: no unit and no origin/],
    ['an assumption without a reason', 'ed.ventilated', { value: 0.3, unit: 'share', from: 'assumed' }, /^ed\.ventilated: .*note that says why/],
    ['a fit without its n', 'ed.ventilated', { value: 0.3, unit: 'share', from: 'sepsis-log' }, /^ed\.ventilated: a fitted value has its n/],
    ['a set that is not known', 'ed.ventilated', { value: 0.3, unit: 'share', from: 'hearsay', n: 3 }, /^ed\.ventilated\.from/],
    ['a share above one', 'ed.ventilated', { value: 3, unit: 'share', from: 'sepsis-log', n: 3 }, /^ed\.ventilated: /],
    ['a distribution that is none', 'ed.triage', { value: { lognormal: { mean: 3 } }, unit: 'min', from: 'sepsis-log', n: 3 }, /^ed\.triage/],
    ['a key that nothing reads', 'ed.spare', { value: 3, unit: 'min', from: 'sepsis-log', n: 3 }, /ed: Unrecognized key: "spare"/],
  ])('%s', (_, path, value, why) => expect(() => readParameters(changed(path, value))).toThrow(why));
});

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { siteJsonSchema } from '#shared/config/json-schema.ts';

const FILE = 'resources/vigil.schema.json';
const valid = new Ajv2020({ strict: false }).compile(siteJsonSchema());

test('given the schema for editors, when it is made again, then it is the one in the file (npm run -s vigil config schema > resources/vigil.schema.json)', () => {
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(siteJsonSchema());
});

test('given documents, when an editor checks them, then those that ship are sound and faults are found', () => {
  for (const name of ['demo', 'sample']) expect(valid(parse(readFileSync(`resources/sites/${name}.yaml`, 'utf8'))) || valid.errors).toBe(true);
  for (const faulty of [{ tresholds: {} }, { units: [{ id: 'A' }] }, { retention: { events: 'long' } }, { or: { primeTime: { from: '7' } } }]) expect(valid(faulty)).toBe(false);
});

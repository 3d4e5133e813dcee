import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { readStation, writeStation } from '#core/station/station-file.ts';
import { stationDocumentSchema, stationJsonSchema } from '#shared/station.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

const FILE = 'resources/station.schema.json';
const TLS = { address: 'mqtts://broker.test:8883' };

test('given the schema for editors, when it is made again, then it is the one in the file (npm run -s vigil config schema -- --station > resources/station.schema.json)', () => {
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(stationJsonSchema())));
  expect(new Ajv2020({ strict: false }).compile(stationJsonSchema())({ broker: { ...TLS, user: 'vigil', passwordFile: 'broker.password' } })).toBe(true);
});

test.each([
  ['embedded', true], ['mqtt://127.0.0.1:1883', true], ['mqtts://broker.hospital.example', true], ['mqtt://[::1]:1883', true],
  ['mqtt://me:secret@broker.test', false], ['http://broker.test', false], ['mqtt://', false], ['mqtt://broker.test:99999', false], ['mqtt://broker.test/path', false], ['broker.test', false],
])('the address %s is taken: %s', (address, taken) => {
  expect(stationDocumentSchema.safeParse({ broker: { address } }).success).toBe(taken);
});

test.each([
  ['a key of no version', { brokr: TLS }, /brokr/],
  ['a user of the own broker', { broker: { address: 'embedded', user: 'me' } }, /knows no users/],
  ['certificates in clear', { broker: { address: 'mqtt://broker.test', ca: 'ca.pem' } }, /write mqtts/],
  ['half of a pair', { broker: { ...TLS, cert: 'cert.pem' } }, /go together/],
  ['a password file elsewhere', { broker: { ...TLS, passwordFile: '../../etc/shadow' } }, /begins with "broker"/],
  ['the password itself', { broker: { ...TLS, password: 'secret' } }, /password/],
])('given %s in a document, when it is read, then it is refused by file and fault', async (_what, said, fault) => {
  const data = temporaryDir();
  writeFileSync(join(data, 'station.yaml'), JSON.stringify(said));
  await expect(readStation(data)).rejects.toThrow(fault);
  await expect(readStation(data)).rejects.toThrow(join(data, 'station.yaml'));
});

test('given a document, when it is written, then it is read as it was, by its owner alone, and none is an empty one', async () => {
  const data = temporaryDir();
  expect(await readStation(data)).toEqual({});
  const document = { station: 'desk-2', broker: { ...TLS, user: 'vigil', passwordFile: 'broker-1.password' } };
  writeFileSync(join(data, 'station.yaml'), '');
  chmodSync(join(data, 'station.yaml'), 0o644);
  await writeStation(data, document);
  expect(await readStation(data)).toEqual(document);
  expect(statSync(join(data, 'station.yaml')).mode & 0o777).toBe(0o600);
});

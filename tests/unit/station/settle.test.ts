import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brokerAddress } from '#core/mqtt/address.ts';
import type { ServeFlags } from '#core/options.ts';
import { fixedParts, settle, type Passwords } from '#core/station/settle.ts';

const DATA = '/var/lib/vigil';
const flags = (given: Partial<ServeFlags> = {}): ServeFlags => ({ data: DATA, host: '127.0.0.1', port: 0, publicName: [], mqttPort: 0, tenant: 'local', site: 'main', vault: true, hold: false, ...given });
const NONE: Passwords = { environment: undefined, kept: undefined };
const document = { station: 'desk-2', join: 'https://hub.test:8073', broker: { address: 'mqtts://broker.test:8883', user: 'vigil', ca: 'ca.pem', cert: '/etc/vigil/cert.pem', key: '/etc/vigil/key.pem' } };

test('given neither flags nor a document, then the station is a hub on the broker of its own', () => {
  expect(settle(flags(), {}, NONE).serving).toMatchObject({ broker: 'embedded', station: 'hub', join: undefined });
});

test('given a document, then the core goes by it, with its files found from the data directory on', () => {
  const { serving, tlsNames } = settle(flags(), document, { ...NONE, kept: 'pass' });
  expect(serving).toMatchObject({ broker: 'mqtts://vigil:pass@broker.test:8883', brokerCa: join(DATA, 'ca.pem'), brokerCert: '/etc/vigil/cert.pem', brokerKey: '/etc/vigil/key.pem', station: 'desk-2', join: 'https://hub.test:8073' });
  expect(tlsNames.ca).toBe('station.yaml broker.ca');
});

test('given a document and flags, then flags win, and of the broker as a whole: nothing of another one is mixed in', () => {
  const { serving, tlsNames } = settle(flags({ broker: 'mqtt://other.test', station: 'wall-1' }), document, NONE);
  expect(serving).toMatchObject({ broker: 'mqtt://other.test', station: 'wall-1', join: 'https://hub.test:8073' });
  expect(serving).not.toHaveProperty('brokerCa');
  expect(tlsNames.ca).toBe('--broker-ca');
  expect(settle(flags({ brokerCa: 'own.pem' }), document, NONE).serving).toMatchObject({ broker: 'embedded', brokerCa: 'own.pem' });
});

test('given flags or a password of the environment, then what they say is named, and by what', () => {
  expect(fixedParts(flags(), false)).toEqual([]);
  expect(fixedParts(flags({ broker: 'embedded', station: 'a', join: 'http://hub' }), true)).toEqual([{ part: 'broker', by: '--broker' }, { part: 'station', by: '--station' }, { part: 'join', by: '--join' }]);
  expect(fixedParts(flags({ brokerKey: 'key.pem' }), false)).toEqual([{ part: 'broker', by: '--broker-key' }]);
  expect(fixedParts(flags(), true)).toEqual([{ part: 'broker', by: 'station.yaml with VIGIL_BROKER_PASSWORD' }]);
});

test('given a password of the environment, then it goes with the user of the flag that has none, and with nothing else', () => {
  const broker = (address: string) => settle(flags({ broker: address }), document, { environment: 'pass', kept: 'kept' }).serving.broker;
  expect(['mqtt://vigil@b.test:1', 'mqtt://vigil:own@b.test', 'mqtt://b.test', 'embedded'].map(broker)).toEqual(['mqtt://vigil:pass@b.test:1', 'mqtt://vigil:own@b.test', 'mqtt://b.test', 'embedded']);
});

test('given a password kept for the broker of the document, then it goes to no other, and that of the environment goes before it', () => {
  expect(settle(flags({ broker: 'mqtt://vigil@other.test' }), document, { ...NONE, kept: 'kept' }).serving.broker).toBe('mqtt://vigil@other.test');
  expect(settle(flags(), document, { environment: 'pass', kept: 'kept' }).serving.broker).toContain(':pass@');
});

test('whatever user and password are, the client that connects is told them as they are', () => {
  const text = fc.string({ minLength: 1, unit: 'binary' }).filter((one) => !/\p{Surrogate}/u.test(one));
  fc.assert(fc.property(text, text, (user, password) => {
    const { serving } = settle(flags(), { broker: { address: 'mqtt://broker.test:1883', user } }, { ...NONE, kept: password });
    expect(brokerAddress(serving.broker)).toMatchObject({ host: 'broker.test', port: 1883, username: user, password });
  }));
});

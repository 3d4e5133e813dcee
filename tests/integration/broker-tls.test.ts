import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { brokerTls } from '#core/mqtt/broker-tls.ts';
import { connectBroker } from '#core/mqtt/broker-client.ts';
import { Publisher } from '#core/mqtt/publisher.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { readKeys } from '#core/tls/key-files.ts';
import { envelope, exampleOf } from '../fixtures/envelopes.ts';
import { Authority } from '../rig/certificates.ts';
import { Mosquitto } from '../rig/mosquitto.ts';
import { freePort } from '../rig/ports.ts';
import { until } from '../rig/until.ts';
import { answer, vigil } from '../rig/vigil-run.ts';

const TOPIC = 'vigil/v1/local/main/events/ehr/adt.admitted';

function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A private authority, the files of a station, and how to run a broker that takes only who shows a certificate of an authority. */
async function hospital() {
  const dir = temporary();
  const port = await freePort();
  const authority = new Authority(join(dir, 'one'));
  const station = authority.issue('station');
  const broker = async (of: Authority) => {
    const started = new Mosquitto(join(dir, 'broker'), port, { ca: of.ca, ...of.issue('broker') });
    await started.start();
    onTestFinished(() => started.stop());
    return started;
  };
  return { dir, authority, station, broker, url: `mqtts://127.0.0.1:${port}` };
}

function station(url: string, files: { brokerCa: string; brokerCert?: string; brokerKey?: string }) {
  const states: string[] = [];
  const heard: string[] = [];
  const tls = brokerTls({ broker: url, ...files });
  const link = connectBroker({
    url, id: DEFAULT_SITE, station: 'hub', tls,
    sink: { submit: ({ payload }, committed) => (heard.push(Buffer.from(payload).toString()), committed()), whenRoom: (go) => go() },
    onState: (state, why) => states.push(why === undefined ? state : `${state}: ${why}`),
  });
  onTestFinished(() => link.close());
  return { states, heard, keys: readKeys(tls!) };
}

test('given a broker of a private authority, when a station shows its certificate, then events reach it by TLS', async () => {
  const { authority, station: { cert, key }, broker, url } = await hospital();
  await broker(authority);
  const { states, heard, keys } = station(url, { brokerCa: authority.ca, brokerCert: cert, brokerKey: key });
  await until('the link', () => states.includes('connected'));
  const publisher = await Publisher.connect(url, keys);
  await publisher.publish(TOPIC, 'by TLS');
  await publisher.settled();
  await publisher.close();
  await until('the event', () => heard.includes('by TLS'));
});

test('given a broker, when a station shows no certificate or trusts another authority, then it is not linked and says why', async () => {
  const { dir, authority, station: { cert, key }, broker, url } = await hospital();
  await broker(authority);
  const bare = station(url, { brokerCa: authority.ca });
  const wary = station(url, { brokerCa: new Authority(join(dir, 'other')).ca, brokerCert: cert, brokerKey: key });
  await until('both to be told', () => bare.states.length > 0 && wary.states.length > 0);
  expect(bare.states[0]).toMatch(/^lost: .*certificate/);
  expect(wary.states[0]).toMatch(/^lost: .*certificate/);
});

test('given a broker that moves to a new authority, when the files of the station are renewed, then it is linked again without a restart', async () => {
  const { dir, authority, station: { cert, key }, broker, url } = await hospital();
  const first = await broker(authority);
  const { states } = station(url, { brokerCa: authority.ca, brokerCert: cert, brokerKey: key });
  await until('the link', () => states.includes('connected'));
  await first.stop();
  const next = new Authority(join(dir, 'two'));
  await broker(next);
  await until('the link to be lost', () => states.at(-1)!.startsWith('lost'));
  const renewed = next.issue('station');
  copyFileSync(next.ca, authority.ca);
  copyFileSync(renewed.cert, cert);
  copyFileSync(renewed.key, key);
  await until('the link', () => states.at(-1) === 'connected');
});

test('given certificates for a broker in clear, or half of a pair, then the start is refused and names the flag', () => {
  expect(() => brokerTls({ broker: 'mqtt://me:secret@broker.test', brokerCa: 'ca.pem' })).toThrow('--broker-ca is for a broker by TLS, and --broker is mqtt://me:***@broker.test: write mqtts://');
  expect(() => readKeys(brokerTls({ broker: 'mqtts://broker.test', brokerCert: 'station.pem' })!)).toThrow('--broker-cert station.pem: a certificate and its key go together');
  expect(brokerTls({ broker: 'embedded' })).toBeUndefined();
});

test('given a broker that takes only who shows a certificate, when the command line looks at it and publishes, then it does with the flags of serve, and not without', async () => {
  const { dir, authority, station: { cert, key }, broker, url } = await hospital();
  await broker(authority);
  const flags = ['--broker', url, '--broker-ca', authority.ca, '--broker-cert', cert, '--broker-key', key];
  const { findings } = await answer<{ findings: { what: string; ok: boolean }[] }>(['doctor', ...flags]);
  expect(findings.find(({ what }) => what === 'broker')?.ok).toBe(true);
  const file = join(dir, 'events.ndjson');
  writeFileSync(file, `${JSON.stringify(envelope('adt.admitted', Date.now(), exampleOf('adt.admitted')))}\n`);
  expect(await answer(['publish', file, ...flags])).toMatchObject({ sent: 1, acknowledged: 1 });
  expect(await vigil(['publish', file, '--broker', url, '--broker-ca', authority.ca])).toMatchObject({ code: 1, err: expect.stringContaining('No broker answers') as string });
  expect(await vigil(['doctor', '--broker-ca', authority.ca])).toMatchObject({ code: 2, err: expect.stringContaining('give --broker') as string });
  expect(await vigil(['publish', file, '--broker', 'mqtt://127.0.0.1:1', '--broker-ca', authority.ca])).toMatchObject({ code: 2, err: expect.stringContaining('write mqtts://') as string });
});

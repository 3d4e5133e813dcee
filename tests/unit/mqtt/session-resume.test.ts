import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connectBroker } from '#core/mqtt/broker-client.ts';
import { until } from '../../rig/until.ts';

const TOPIC = 'vigil/v1/local/main/events/ehr/adt.admitted';
const PUBACK = 0x40;

/** CONNACK of a resumed MQTT 5 session: flags, success, no properties. */
const CONNACK = Buffer.from([0x20, 3, 1, 0, 0]);

function publish(messageId: number): Buffer {
  const topic = Buffer.from(TOPIC);
  const body = Buffer.concat([Buffer.from([0, topic.length]), topic, Buffer.from([0, messageId, 0]), Buffer.from('{}')]);
  return Buffer.concat([Buffer.from([0x32, body.length]), body]);
}

/** A broker that sends what a session has missed in one go with its CONNACK, as a busy one does, at every connection. */
async function burstingBroker(messageIds: readonly number[]): Promise<{ url: string; acknowledged: number[]; cut(): void }> {
  const acknowledged: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.concat([CONNACK, ...messageIds.map(publish)]));
      socket.on('data', (data: Buffer) => {
        for (let at = 0; at < data.length; at += 2 + data[at + 1]!) if (data[at] === PUBACK) acknowledged.push(data.readUInt16BE(at + 2));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  onTestFinished(() => {
    cut();
    server.close();
  });
  return { url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, acknowledged, cut };
}

test('given messages in the very packet of a CONNACK, and a cut before their commit, when all is committed, then what came on the new connection is acknowledged, once, in order', async () => {
  const broker = await burstingBroker([1, 2, 3]);
  const committed: (() => void)[] = [];
  const link = connectBroker({
    url: broker.url,
    id: { tenant: 'local', site: 'main' },
    station: 'test',
    sink: { submit: (_message, done) => void committed.push(done), whenRoom: (go) => go() },
    onState: () => undefined,
  });
  onTestFinished(() => link.close());
  await until('the first delivery', () => committed.length === 3);
  broker.cut();
  await until('the second delivery', () => committed.length === 6);
  committed.forEach((done) => done());
  await until('its acknowledgements', () => broker.acknowledged.length >= 3);
  expect(broker.acknowledged).toEqual([1, 2, 3]);
});

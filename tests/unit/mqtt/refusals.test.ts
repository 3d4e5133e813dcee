import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { brokerAddress, withoutPassword } from '#core/mqtt/address.ts';
import { connectBroker } from '#core/mqtt/broker-client.ts';
import { until } from '../../rig/until.ts';

/** MQTT 5 CONNACK: not authorized. */
const NOT_AUTHORIZED = Buffer.from([0x20, 3, 0, 0x87, 0]);

async function refusingBroker(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(NOT_AUTHORIZED));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return `mqtt://eve:secret@127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('given a broker that refuses the station, when it is lost, then the reason is told, without the password', async () => {
  const told: string[] = [];
  const link = connectBroker({
    url: await refusingBroker(),
    id: { tenant: 'local', site: 'main' },
    station: 'test',
    sink: { submit: () => undefined, whenRoom: (go) => go() },
    onState: (state, why) => void told.push(`${state}: ${why}`),
  });
  onTestFinished(() => link.close());
  await until('its end', () => told.length > 0);
  expect(told[0]).toMatch(/^lost: .*not authorized/i);
  expect(told.join()).not.toContain('secret');
});

test.each(['mqt://eve:secret@host:1883', 'eve:secret@host:1883', '//eve:secret@host', 'mqtt:eve:secret@host', 'mqtt//eve:secret@host'])('given %s, which is no broker, when it is refused, then the message has no password', (url) => {
  expect(() => brokerAddress(url)).toThrow(/is not the address of a broker/);
  expect(() => brokerAddress(url)).not.toThrow(/secret/);
  expect(withoutPassword(url)).not.toContain('secret');
});

test('given a broker on an IPv6 address, when it is read, then the host is one that sockets take', () => {
  expect(brokerAddress('mqtt://[::1]:1884')).toMatchObject({ host: '::1', port: 1884 });
});

import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { brokerAddress } from './address.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** Connects to a broker; rejects with the first failure instead of trying on. Later cuts follow `reconnectPeriod`. */
export function connectOnce(url: string, options: IClientOptions): Promise<MqttClient> {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect({ ...brokerAddress(url), connectTimeout: CONNECT_TIMEOUT_MS, ...options });
    const fail = (error: Error) => {
      client.end(true);
      reject(error);
    };
    const closed = () => fail(new Error('the connection was closed'));
    client.once('error', fail);
    client.once('close', closed);
    client.once('connect', () => {
      client.off('error', fail);
      client.off('close', closed);
      resolve(client);
    });
  });
}

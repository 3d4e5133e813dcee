import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const TURN_MS = 20;
const CONNECT = Buffer.concat([Buffer.from([0x10, 19, 0, 4]), Buffer.from('MQTT'), Buffer.from([4, 2, 0, 0, 0, 7])]);

function remainingLength(n: number): Buffer {
  const bytes: number[] = [];
  do bytes.push((n % 128) | (n >= 128 ? 0x80 : 0));
  while ((n = Math.floor(n / 128)) > 0);
  return Buffer.from(bytes);
}

/** An MQTT 3.1.1 PUBLISH at QoS 0. */
function publish(topic: string, payload: string): Buffer {
  const [name, body] = [Buffer.from(topic), Buffer.from(payload)];
  return Buffer.concat([Buffer.from([0x30]), remainingLength(2 + name.length + body.length), Buffer.from([name.length >> 8, name.length & 0xff]), name, body]);
}

/** A client that blasts messages at QoS 0 at a rate, as a broken interface does; what its socket does not take waits. */
export class Flood {
  readonly #socket: Socket;
  /** Messages handed to the socket. */
  sent = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects under a name of seven letters. */
  static async connect(url: string, name: string): Promise<Flood> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(Buffer.concat([CONNECT, Buffer.from(name.padEnd(7, 'x').slice(0, 7))]));
    await once(socket, 'data');
    return new Flood(socket);
  }

  /** Sends `rate` messages a second for `seconds`, made by `make(i)`. */
  async run(rate: number, seconds: number, make: (i: number) => { topic: string; payload: string }): Promise<void> {
    const start = performance.now();
    while (performance.now() - start < seconds * 1_000) {
      const due = Math.floor(((performance.now() - start) / 1_000) * rate);
      const packets: Buffer[] = [];
      for (; this.sent < due && packets.length < rate / 10; this.sent++) {
        const { topic, payload } = make(this.sent);
        packets.push(publish(topic, payload));
      }
      if (packets.length > 0 && !this.#socket.write(Buffer.concat(packets))) await Promise.race([once(this.#socket, 'drain'), sleep(seconds * 1_000 - (performance.now() - start))]);
      await sleep(TURN_MS);
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}

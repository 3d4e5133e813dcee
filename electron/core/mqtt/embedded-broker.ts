import { createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import type { BrokerLink, LinkState, Sink } from './sink.ts';

const HOST = '127.0.0.1';
const VIGIL_PREFIX = 'vigil/v1/';
const EVENTS_LEVEL = '/events/';

export interface EmbeddedOptions {
  readonly port: number;
  /** Its commits hold publishers back: of each, no more is read before the last chunk of its socket is committed. */
  readonly sink: Pick<Sink, 'submit'>;
}

/** A broker inside the core, for a site on one machine. */
export interface EmbeddedBroker extends BrokerLink {
  readonly url: string;
}

/**
 * Starts the embedded MQTT 3.1.1 broker on loopback. An event is committed inside `authorizePublish`, which runs
 * before aedes writes the PUBACK, so a publisher's acknowledgement means "on disk" here too.
 * Throws, naming the port, if it is taken.
 */
export async function startEmbeddedBroker({ port, sink }: EmbeddedOptions): Promise<EmbeddedBroker> {
  const aedes = await Aedes.createBroker({
    authorizePublish(_client, packet, done) {
      const { topic, payload } = packet;
      if (!topic.startsWith(VIGIL_PREFIX) || !topic.includes(EVENTS_LEVEL)) return done(null);
      const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
      sink.submit({ topic, payload: bytes }, () => done(null));
    },
  });
  const server = createServer({ noDelay: true }, aedes.handle);
  await listen(server, port);
  const address = server.address() as { port: number };
  return {
    url: `mqtt://${HOST}:${address.port}`,
    state: 'connected' satisfies LinkState,
    publish: (topic, payload, qos) => aedes.publish({ cmd: 'publish', topic, payload, qos, retain: false, dup: false }, () => {}),
    async close() {
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken: another broker runs here. Use it with --broker mqtt://${HOST}:${port}, or choose --mqtt-port.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken, { cause: error }) : error);
    });
    server.listen(port, HOST, resolve);
  });
}

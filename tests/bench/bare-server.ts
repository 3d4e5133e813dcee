import Fastify from 'fastify';
import { parentPort, workerData } from 'node:worker_threads';

/** The floor of the API's bench: the same framework with answers of these sizes at `/0`, `/1`, ... and nothing else. */
const sizes = workerData as readonly number[];
const server = Fastify({ logger: false });
sizes.forEach((size, i) => {
  const bytes = Buffer.alloc(Math.max(1, Math.round(size)), 'x');
  server.get(`/${i}`, (_, reply) => reply.type('application/json; charset=utf-8').send(bytes));
});
await server.listen({ host: '127.0.0.1', port: 0 });
parentPort!.postMessage((server.server.address() as { port: number }).port);

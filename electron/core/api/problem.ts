import type { FastifyReply } from 'fastify';

/** Answers with a problem (RFC 9457). */
export const problem = (reply: FastifyReply, status: number, title: string, detail: string) =>
  reply.code(status).type('application/problem+json').send({ type: 'about:blank', title, status, detail });

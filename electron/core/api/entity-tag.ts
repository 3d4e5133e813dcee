import { createHash } from 'node:crypto';

/** Strong entity tag of a body (RFC 9110, 8.8.3). */
export const entityTag = (body: string | Buffer): string => `"${createHash('sha1').update(body).digest('base64url')}"`;

/** Whether a list of tags, as `If-None-Match` and `If-Match` have it, names this one. */
export function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}

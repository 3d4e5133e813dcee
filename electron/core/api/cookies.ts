import { SESSION_COOKIE } from '#shared/api/access.ts';

/** The session's secret among the cookies of a request; undefined if there is none. */
export function sessionCookie(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.split('=', 2);
    if (name!.trim() === SESSION_COOKIE && value) return value.trim();
  }
  return undefined;
}

/** Cookie that a browser keeps a session in: no script reads it, no other site's page sends it. @param seconds how long; 0 takes it back */
export const setSessionCookie = (secret: string, seconds: number, tls: boolean): string => `${SESSION_COOKIE}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${tls ? '; Secure' : ''}`;

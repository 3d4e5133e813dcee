import type { FastifyRequest } from 'fastify';

export const HTML_MEDIA = 'text/html; charset=utf-8';

/** Whether somebody looks at the answer: a browser names HTML among what it takes for what it opens as a page, and a program does not. */
export const navigates = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/html') ?? false;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A page of a few words without script. @param onward path of this core that it leads on to by itself; else it has a link to the wall */
export function smallPage(title: string, text: string, onward?: string): string {
  const refresh = onward === undefined ? '' : `<meta http-equiv="refresh" content="0; url=${escaped(onward)}">`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="dark light">${refresh}<title>Vigil: ${escaped(title)}</title></head><body style="font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem"><h1>${escaped(title)}</h1><p>${escaped(text)}</p><p><a href="${escaped(onward ?? '/')}">Go on</a></p></body></html>`;
}

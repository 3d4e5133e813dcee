import type { Layout, Screen } from '#shared/layout.ts';
import { PAGE_ORIGIN } from './page-file.ts';

/** Address of the page that shows a screen's boards. */
export function pageAddress(screen: Screen, role: Layout['role']): string {
  const params = new URLSearchParams({ theme: screen.theme, role });
  if (screen.u !== undefined) params.set('u', String(screen.u));
  if (screen.boards.length > 1) params.set('rotate', `${screen.rotateSeconds}:${screen.boards.join(',')}`);
  return `${PAGE_ORIGIN}/index.html?${params}#/${screen.boards[0]}`;
}

export type BoardName = 'overview' | 'floorplan' | 'or' | 'settings';

export interface Route {
  board: BoardName;
  /** Floor plan's id, on that board. */
  plan?: string;
}

export interface Screen {
  route: Route;
  /** Boards shown in turn, and for how many seconds each; absent when the screen stays. */
  rotation?: { seconds: number; routes: Route[] };
  u: number;
  theme: 'dark' | 'light';
  role: 'wall' | 'desk' | 'kiosk';
}

export const DEFAULT_U = 16.5;

function boardOf(path: string): Route | undefined {
  const [board, plan] = path.replace(/^\/+/, '').split('/').map(decodeURIComponent);
  if (board === 'overview' || board === 'or' || board === 'settings') return { board };
  return board === 'floorplan' ? (plan ? { board, plan } : { board }) : undefined;
}

/** `#/floorplan/icu?u=17.2&theme=light`; parameters may stand before the hash too. `rotate=30:overview,or` turns boards. */
export function parseScreen(search: string, hash: string): Screen {
  const [path = '', inHash = ''] = hash.replace(/^#/, '').split('?');
  const params = new URLSearchParams(search);
  for (const [key, value] of new URLSearchParams(inHash)) params.set(key, value);

  const u = Number(params.get('u'));
  const role = params.get('role');
  const route = boardOf(path) ?? { board: 'overview' };
  // Nobody changes settings from a wall: who asks for them by address sits at a desk.
  const usual = route.board === 'settings' ? 'desk' : 'wall';
  const screen: Screen = {
    route,
    u: u >= 8 && u <= 80 ? u : DEFAULT_U,
    theme: params.get('theme') === 'light' ? 'light' : 'dark',
    role: role === 'wall' || role === 'desk' || role === 'kiosk' ? role : usual,
  };
  const [seconds, boards = ''] = (params.get('rotate') ?? '').split(':');
  const routes = boards.split(',').flatMap((board) => boardOf(board) ?? []);
  if (Number(seconds) > 0 && routes.length > 1 && route.board !== 'settings') screen.rotation = { seconds: Number(seconds), routes };
  return screen;
}

/** Address of another board on this same screen: its parameters stay. */
export function addressOf(board: BoardName, search: string, hash: string): string {
  const params = new URLSearchParams(hash.split('?')[1] ?? '');
  params.set('role', parseScreen(search, hash).role);
  return `#/${board}?${params}`;
}

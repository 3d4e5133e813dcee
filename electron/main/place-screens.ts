import { screenSchema, type Fingerprint, type Layout, type StationLayout } from '#shared/layout.ts';
import { defaultScreens, inReadingOrder } from './default-screens.ts';

const FACTS = ['label', 'width', 'height', 'x', 'y'] as const;

/**
 * What a site says of a station, on the displays that are there: first the screens that name something of a display,
 * then the others from left to right. A screen that finds no display waits; a display that is left over shows what is
 * shown where nobody says anything.
 */
export function placed({ role, kiosk, screens }: StationLayout, displays: readonly Fingerprint[]): Layout {
  const free = [...displays].sort(inReadingOrder);
  const found = new Map<StationLayout['screens'][number], Fingerprint>();
  const names = (screen: StationLayout['screens'][number]) => FACTS.some((fact) => screen[fact] !== undefined);
  for (const screen of [...screens.filter(names), ...screens.filter((one) => !names(one))]) {
    const index = free.findIndex((display) => FACTS.every((fact) => screen[fact] === undefined || screen[fact] === display[fact]));
    if (index >= 0) found.set(screen, free.splice(index, 1)[0]!);
  }
  const said = screens.flatMap((screen) => (found.has(screen) ? [screenSchema.parse({ ...screen, display: found.get(screen) })] : []));
  return { role, kiosk, screens: [...said, ...defaultScreens(free, said.flatMap(({ boards }) => boards))] };
}

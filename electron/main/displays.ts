import { screen, type Display } from 'electron';
import type { Fingerprint } from '#shared/layout.ts';

/** Plugging one display in makes several events; the desktop is looked at when they are over. */
const SETTLE_MS = 300;

export function fingerprint({ label, bounds, scaleFactor, nativeOrigin, internal }: Display): Fingerprint {
  const native = (length: number): number => Math.round(length * scaleFactor);
  return {
    label: label ?? '',
    width: native(bounds.width),
    height: native(bounds.height),
    x: nativeOrigin?.x ?? native(bounds.x),
    y: nativeOrigin?.y ?? native(bounds.y),
    internal,
  };
}

/** The displays that are there now. */
export const displaysNow = (): Fingerprint[] => screen.getAllDisplays().map(fingerprint);

/** Calls back once after each burst of displays coming, going or changing. */
export function onDisplaysChanged(changed: () => void): void {
  let settling: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(settling);
    settling = setTimeout(changed, SETTLE_MS);
  };
  screen.on('display-added', soon);
  screen.on('display-removed', soon);
  screen.on('display-metrics-changed', soon);
}

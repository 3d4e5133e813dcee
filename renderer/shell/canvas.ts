import { onMounted, onScopeDispose, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import { CANVAS_HEIGHT, CANVAS_WIDTH, useDisplay } from '../stores/display.ts';
import type { Screen } from './route.ts';

const MINUTE_MS = 60_000;
const LAP_MINUTES = 120;

/** Shift against burn-in: a figure of eight, at most 6 px wide and under 1 px a minute, absorbed by the outer margin. */
export function burnInShift(minute: number): { x: number; y: number } {
  const angle = (2 * Math.PI * minute) / LAP_MINUTES;
  return { x: Math.round(6 * Math.sin(angle)), y: Math.round(3 * Math.sin(2 * angle)) };
}

/** Ends of a window's frame are not taken for an enlargement. */
const LEAST_ZOOM = 1.2;

/** How much somebody at a desk has the page enlarged: then the window holds less of it than it is wide. Walls and kiosks have nobody who does. */
export function zoomOf(outerWidth: number, innerWidth: number, role: Screen['role']): number {
  const zoom = innerWidth > 0 ? outerWidth / innerWidth : 1;
  return role === 'desk' && zoom >= LEAST_ZOOM ? zoom : 1;
}

/** Scale at which the canvas fits into the window whole; enlarged, as much larger than that. */
export const canvasScale = (width: number, height: number, zoom: number): number => Math.min(width / CANVAS_WIDTH, height / CANVAS_HEIGHT) * zoom;

/** Fits the 1920 x 1080 canvas into the window, whole and centred. Returns the transform of its element. */
export function useCanvasTransform(): ShallowRef<string> {
  const display = useDisplay();
  const transform = shallowRef('');

  let minute = 0;

  function fit(): void {
    const zoom = zoomOf(window.outerWidth, window.innerWidth, display.screen.role);
    const scale = canvasScale(window.innerWidth, window.innerHeight, zoom);
    const shift = display.screen.role === 'wall' ? burnInShift(minute) : { x: 0, y: 0 };
    // Enlarged it begins at the corner and is scrolled.
    const centred = (room: number, length: number): number => Math.max(0, (room - length * scale) / 2);
    const x = Math.round(centred(window.innerWidth, CANVAS_WIDTH) + shift.x * scale);
    const y = Math.round(centred(window.innerHeight, CANVAS_HEIGHT) + shift.y * scale);
    display.zoom = zoom;
    display.scale = scale;
    transform.value = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    window.addEventListener('resize', fit);
    timer = setInterval(() => {
      minute++;
      fit();
    }, MINUTE_MS);
  });
  onScopeDispose(() => {
    clearInterval(timer);
    window.removeEventListener('resize', fit);
  });
  // A desk's address may lead to a wall's.
  watch(() => display.screen.role, fit, { immediate: true });
  return transform;
}

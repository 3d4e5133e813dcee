import { onMounted, onScopeDispose, shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import { CANVAS_HEIGHT, CANVAS_WIDTH, useDisplay } from '../stores/display.ts';

const MINUTE_MS = 60_000;
const LAP_MINUTES = 120;

/** Shift against burn-in: a figure of eight, at most 6 px wide and under 1 px a minute, absorbed by the outer margin. */
export function burnInShift(minute: number): { x: number; y: number } {
  const angle = (2 * Math.PI * minute) / LAP_MINUTES;
  return { x: Math.round(6 * Math.sin(angle)), y: Math.round(3 * Math.sin(2 * angle)) };
}

/** Fits the 1920 x 1080 canvas into the window, whole and centred. Returns the transform of its element. */
export function useCanvasTransform(): ShallowRef<string> {
  const display = useDisplay();
  const transform = shallowRef('');

  let minute = 0;

  function fit(): void {
    const scale = Math.min(window.innerWidth / CANVAS_WIDTH, window.innerHeight / CANVAS_HEIGHT);
    const shift = display.screen.role === 'wall' ? burnInShift(minute) : { x: 0, y: 0 };
    const x = Math.round((window.innerWidth - CANVAS_WIDTH * scale) / 2 + shift.x * scale);
    const y = Math.round((window.innerHeight - CANVAS_HEIGHT * scale) / 2 + shift.y * scale);
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
  fit();
  return transform;
}

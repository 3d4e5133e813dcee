import { onMounted, onScopeDispose, shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import { CANVAS_HEIGHT, CANVAS_WIDTH, useDisplay } from '../stores/display.ts';

/** Fits the 1920 x 1080 canvas into the window, whole and centred. Returns the transform of its element. */
export function useCanvasTransform(): ShallowRef<string> {
  const display = useDisplay();
  const transform = shallowRef('');

  function fit(): void {
    const scale = Math.min(window.innerWidth / CANVAS_WIDTH, window.innerHeight / CANVAS_HEIGHT);
    const x = Math.round((window.innerWidth - CANVAS_WIDTH * scale) / 2);
    const y = Math.round((window.innerHeight - CANVAS_HEIGHT * scale) / 2);
    display.scale = scale;
    transform.value = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  onMounted(() => window.addEventListener('resize', fit));
  onScopeDispose(() => window.removeEventListener('resize', fit));
  fit();
  return transform;
}

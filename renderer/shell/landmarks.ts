import { onMounted, onScopeDispose } from 'vue';

const LANDMARK = '[data-landmark]';
const FOCUSABLE = 'a[href], button, input, select, textarea, [tabindex]';

const canTake = (element: HTMLElement): boolean => element.tabIndex >= 0 && !element.matches(':disabled') && element.checkVisibility();
const targets = (landmark: Element): HTMLElement[] => [...landmark.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(canTake);

/** F6 leads from one landmark of a desk to the next that can be used, with Shift to the one before, and back to where one was in it. */
export function useLandmarks(): void {
  const left = new WeakMap<Element, HTMLElement>();

  function go(event: KeyboardEvent): void {
    if (event.key !== 'F6') return;
    event.preventDefault();
    const landmarks = [...document.querySelectorAll(LANDMARK)].filter((landmark) => targets(landmark).length > 0);
    if (landmarks.length === 0) return;
    const active = document.activeElement as HTMLElement | null;
    const here = landmarks.findIndex((landmark) => landmark.contains(active));
    if (here >= 0 && active) left.set(landmarks[here]!, active);
    const next = landmarks[here < 0 ? 0 : (here + (event.shiftKey ? -1 : 1) + landmarks.length) % landmarks.length]!;
    const before = left.get(next);
    (before && next.contains(before) && canTake(before) ? before : targets(next)[0])?.focus();
  }

  onMounted(() => window.addEventListener('keydown', go));
  onScopeDispose(() => window.removeEventListener('keydown', go));
}

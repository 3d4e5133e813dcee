import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Route, Screen } from '../shell/route.ts';
import { DEFAULT_U, parseScreen } from '../shell/route.ts';

export const CANVAS_WIDTH = 1920;
export const CANVAS_HEIGHT = 1080;

/** How much a screen holds at its viewing distance (design language, section 2): by `u` on a 1080-high canvas. */
export type Density = 'full' | 'half' | 'single';

export const densityOf = (u: number): Density => (u <= 18 ? 'full' : u <= 26 ? 'half' : 'single');

/** What this one display shows, from its address. */
export const useDisplay = defineStore('display', () => {
  const screen = shallowRef<Screen>(parseScreen(location.search, location.hash));
  const turn = shallowRef(0);
  /** Physical size of one logical pixel: the canvas is scaled whole. */
  const scale = shallowRef(1);
  /** How much the page is enlarged by whoever sits at the desk. */
  const zoom = shallowRef(1);

  const route = computed<Route>(() => {
    const { rotation, route } = screen.value;
    return rotation ? (rotation.routes[turn.value % rotation.routes.length] ?? route) : route;
  });
  /** Enlarged, the panes of the settings stand below each other; boards keep their form and are scrolled. */
  const stacked = computed(() => zoom.value > 1 && route.value.board === 'settings');
  const density = computed(() => densityOf(screen.value.u));
  /** Header and footer hold one line each, at a clock's and at a label's size, the header of a far screen a second for states and date; between them 12 px above and below. */
  const headerHeight = computed(() => Math.max(72, Math.round(screen.value.u * (density.value === 'single' ? 5 : 3.6))));
  const footerHeight = computed(() => Math.max(44, Math.round(screen.value.u * 2.2)));
  const contentHeight = computed(() => CANVAS_HEIGHT - headerHeight.value - footerHeight.value - 24);
  /** Lengths that hold text are drawn for u = 16.5 and grow with it. */
  const stretch = computed(() => screen.value.u / DEFAULT_U);

  function apply(): void {
    const root = document.documentElement;
    root.dataset['theme'] = screen.value.theme;
    root.dataset['role'] = screen.value.role;
    root.style.setProperty('--u', `${screen.value.u}px`);
  }

  function start(): void {
    let timer: ReturnType<typeof setInterval> | undefined;
    const read = (): void => {
      screen.value = parseScreen(location.search, location.hash);
      turn.value = 0;
      apply();
      clearInterval(timer);
      const { rotation } = screen.value;
      if (rotation) timer = setInterval(() => turn.value++, rotation.seconds * 1000);
    };
    window.addEventListener('hashchange', read);
    read();
  }

  return { screen, route, density, stretch, headerHeight, footerHeight, contentHeight, scale, zoom, stacked, start };
});

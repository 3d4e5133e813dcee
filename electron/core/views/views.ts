import { floorplanView } from './floorplan/view.ts';
import { frameView } from './frame.ts';
import { orView } from './or/view.ts';
import { overviewView } from './overview/view.ts';
import type { View } from './view.ts';

/** Every view that a page may subscribe to, by name. */
export const views: ReadonlyMap<string, View> = new Map([frameView, overviewView, floorplanView, orView].map((view) => [view.name, view]));

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layoutSchema, siteLayoutsSchema, stationLayout, type Fingerprint } from '#shared/layout.ts';
import { writeLayout } from '../../../electron/main/layout-file.ts';
import { placed } from '../../../electron/main/place-screens.ts';
import { StationLayouts } from '../../../electron/main/station-layouts.ts';

const display = (x: number, more: Partial<Fingerprint> = {}): Fingerprint => ({ label: '', width: 1920, height: 1080, x, y: 0, internal: false, ...more });
const site = (screens: object[], stations: object[] = []) => stationLayout(siteLayoutsSchema.parse({ stations, screens: screens.map((screen) => ({ station: 'hall', ...screen })) }), 'hall')!;
const shown = (screens: object[], displays: Fingerprint[]) => placed(site(screens), displays).screens.map((screen) => [screen.display.x, ...screen.boards]);

describe('what a site says of a station', () => {
  it('is nothing of one that it does not name', () => {
    expect(stationLayout(siteLayoutsSchema.parse({ screens: [{ station: 'hall', boards: ['or'] }] }), 'ward')).toBeUndefined();
    expect(site([], [{ id: 'hall', role: 'desk' }])).toEqual({ role: 'desk', kiosk: false, screens: [] });
  });
  it('goes onto its displays from left to right', () => {
    expect(shown([{ boards: ['overview'] }, { boards: ['or', 'floorplan'] }], [display(1920), display(0)])).toEqual([[0, 'overview'], [1920, 'or', 'floorplan']]);
  });
  it('goes first onto the displays that it names', () => {
    const displays = [display(0, { label: 'A' }), display(1920, { label: 'B' }), display(3840, { width: 3840 })];
    expect(shown([{ boards: ['overview'] }, { boards: ['or'], label: 'A' }, { boards: ['floorplan'], width: 3840, x: 3840 }], displays)).toEqual([[1920, 'overview'], [0, 'or'], [3840, 'floorplan']]);
  });
  it('leaves to other displays what is shown where nobody says anything', () => {
    expect(shown([{ boards: ['or'] }], [display(0), display(1920)])).toEqual([[0, 'or'], [1920, 'overview', 'floorplan']]);
  });
  it('waits where a display is not there', () => {
    expect(shown([{ boards: ['or'], label: 'C' }, { boards: ['overview'] }, { boards: ['floorplan'] }], [display(0)])).toEqual([[0, 'overview']]);
  });
});

describe('a station', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'vigil-layouts-'))));
  afterEach(() => rmSync(dir, { recursive: true }));
  const files = (fixed = false) => ({ own: join(dir, 'layout.yaml'), fixed, ofSite: join(dir, 'site-layout.yaml') });
  const own = layoutSchema.parse({ screens: [{ display: display(0), boards: ['floorplan'] }] });
  const said = site([{ boards: ['or'] }]);

  it('goes by its own file until its site says something, by that from then on, and by its own file when the site says no more', async () => {
    await writeLayout(files().own, own);
    const station = new StationLayouts(files());
    expect(await station.read()).toEqual(own);
    const layout = await station.told(said, [display(0)]);
    expect(layout).toMatchObject({ screens: [{ boards: ['or'] }] });
    expect(await new StationLayouts(files()).read()).toEqual(layout);
    expect(await station.told(undefined, [display(0)])).toEqual(own);
    expect(await new StationLayouts(files()).read()).toEqual(own);
  });
  it('keeps what it learns beside what the site said, and leaves its own file alone', async () => {
    await writeLayout(files().own, own);
    const station = new StationLayouts(files());
    const layout = (await station.told(said, [display(0)]))!;
    const learned = { ...layout, screens: [...layout.screens, ...layoutSchema.parse({ screens: [{ display: display(1920), boards: ['overview'] }] }).screens] };
    await station.keep(learned);
    expect(await new StationLayouts(files()).read()).toEqual(learned);
    await station.told(undefined, []);
    expect(await station.read()).toEqual(own);
  });
  it('stays by a file that it was given, whatever the site says', async () => {
    await writeLayout(files().own, own);
    const station = new StationLayouts(files(true));
    expect(await station.told(said, [display(0)])).toBeUndefined();
    expect(station.rearranged([display(0)])).toBeUndefined();
    expect(await station.read()).toEqual(own);
    expect(existsSync(files().ofSite)).toBe(false);
  });
  it('has its screens placed anew when displays come', async () => {
    const station = new StationLayouts(files());
    await station.told(site([{ boards: ['or'] }, { boards: ['overview'] }]), [display(0)]);
    expect(station.rearranged([display(0), display(1920)])?.screens.map(({ boards }) => boards)).toEqual([['or'], ['overview']]);
  });
});

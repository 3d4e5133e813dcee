import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layoutSchema, type Fingerprint } from '#shared/layout.ts';
import { defaultScreens } from '../../../electron/main/default-screens.ts';
import { readLayout, writeLayout } from '../../../electron/main/layout-file.ts';

const display = (x: number): Fingerprint => ({ label: '', width: 1920, height: 1080, x, y: 0, internal: false });
const boards = (count: number, taken: string[] = []): string[][] =>
  defaultScreens(Array.from({ length: count }, (_, index) => display((count - index) * 1920)), taken).map((screen) => screen.boards);

describe('boards of displays that no layout speaks of', () => {
  it('shows all boards in turn on a single display', () => expect(boards(1)).toEqual([['overview', 'floorplan', 'or']]));
  it('keeps the first on the left display of two', () => expect(boards(2)).toEqual([['overview'], ['floorplan', 'or']]));
  it('gives each of three its own, left to right', () => expect(boards(3)).toEqual([['overview'], ['floorplan'], ['or']]));
  it('begins anew after the last board', () => expect(boards(4)).toEqual([['overview'], ['floorplan'], ['or'], ['overview']]));
  it('takes the boards that nobody shows', () => expect(boards(1, ['overview', 'floorplan/icu'])).toEqual([['or']]));
  it('repeats when everything is shown', () => expect(boards(1, ['overview', 'floorplan', 'or'])).toEqual([['overview']]));
});

describe('the layout file', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'vigil-layout-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  it('reads back what was written, and leaves nothing beside it', async () => {
    const file = join(dir, 'settings', 'layout.yaml');
    const layout = layoutSchema.parse({ role: 'kiosk', kiosk: true, screens: [{ display: display(0), boards: ['floorplan/icu'], u: 17.2 }] });
    await writeLayout(file, layout);
    expect(await readLayout(file)).toEqual(layout);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it('is empty where there is none', async () => expect((await readLayout(join(dir, 'layout.yaml'))).screens).toEqual([]));

  it.each([
    ['a board that does not exist', 'screens: [{ display: { width: 1, height: 1, x: 0, y: 0 }, boards: [cafeteria] }]', /floorplan/],
    ['a screen without boards', 'screens: [{ display: { width: 1, height: 1, x: 0, y: 0 }, boards: [] }]', /boards/],
    ['an unknown role', 'role: admin', /role/],
  ])('refuses %s, naming the file and what is wrong', async (_what, text, complaint) => {
    const file = join(dir, 'layout.yaml');
    writeFileSync(file, text);
    await expect(readLayout(file)).rejects.toThrow(file);
    await expect(readLayout(file)).rejects.toThrow(complaint);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

import { expect, test } from 'vitest';
import { originText, usualOrigin, type Told } from '../../../renderer/settings/origins.ts';

const told = (key: string, origin: Told['origin'], fixed = false): Told => ({ key, origin, fixed });
const marks = (settings: readonly Told[], file: string | null = null) => settings.map(originText).map((text) => (text === usualOrigin(settings, file)?.text ? '' : text));

test('given settings that all come from a file, as those of the demo, then it is said once, and no row repeats it', () => {
  const all = [told('units', 'file'), told('statuses.bed', 'file')];
  expect(usualOrigin(all, null)?.note).toBe('All of these come from a file that this core was started with.');
  expect(marks(all)).toEqual(['', '']);
});

test('given a file that fixes most, then it is named once, and rows tell what it does not say', () => {
  const most = [told('title', 'file', true), told('timezone', 'file', true), told('dirtyOnVacate', 'store')];
  expect(usualOrigin(most, '/etc/vigil.yaml')?.note).toBe('Those without a mark are said by /etc/vigil.yaml, and changed there.');
  expect(marks(most)).toEqual(['', '', 'changed here']);
});

test('given a file that fixes a few, then these are marked', () => {
  expect(marks([told('or.rooms', 'file', true), told('or.primeTime.from', 'default'), told('or.primeTime.to', 'default')])).toEqual(['fixed by the file', '', '']);
});

test('what names the store is always marked, and does not count', () => {
  const site = [told('tenant', 'default', true), told('site', 'default', true), told('title', 'store')];
  expect(usualOrigin(site, null)).toEqual({ text: 'changed here', note: 'Those without a mark were changed here.' });
  expect(marks(site)).toEqual(['fixed', 'fixed', '']);
  expect(usualOrigin(site.slice(0, 2), null)).toBeUndefined();
});

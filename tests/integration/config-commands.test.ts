import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AuditedEntry } from '#shared/api/audit.ts';
import type { SiteChange } from '#core/store/site-config.ts';
import { temporaryDir, temporaryStore } from '../fixtures/stores.ts';
import { Station } from '../rig/station.ts';
import { answer, vigil } from '../rig/vigil-run.ts';

type Changed = { version: number; changes: unknown[] };

test('given a store on which no core runs, when its site is changed, shown, compared, taken back and carried elsewhere, then each is kept with who and why', async () => {
  const [data, other] = [temporaryDir(), temporaryDir()];
  for (const dir of [data, other]) temporaryStore(dir).close();
  const at = ['--data', data];
  const because = [...at, '--why', 'a test'];
  expect(await answer<Changed>(['config', 'set', 'or.expectedTurnoverMinutes', '45', ...because])).toEqual({ version: 1, changes: [{ path: '/or', after: { expectedTurnoverMinutes: 45 } }] });
  expect((await answer<Changed>(['config', 'set', 'units', '[{ id: 4E, name: 4E, kind: ward, beds: ["1"] }]', ...because])).version).toBe(2);
  expect(await answer<Changed>(['config', 'set', 'units/4E/name', 'Four East', ...because])).toMatchObject({ version: 3, changes: [{ path: '/units/4E/name', before: '4E', after: 'Four East' }] });
  expect((await vigil(['config', 'diff', '2', '3', ...at])).out).toBe('/units/4E/name: "4E" -> "Four East"\n');
  expect((await answer<SiteChange[]>(['config', 'history', ...at])).map(({ version, why }) => [version, why])).toEqual([[3, 'a test'], [2, 'a test'], [1, 'a test']]);
  expect((await vigil(['config', 'set', 'units/4E/kind', 'attic', ...because]))).toMatchObject({ code: 1, err: expect.stringMatching(/refused: units\.0\.kind: /) as string });
  expect((await vigil(['config', 'set', 'colour', 'red', ...because]))).toMatchObject({ code: 2, err: expect.stringContaining('there is no setting colour') as string });
  const bundle = join(temporaryDir(), 'site.json');
  writeFileSync(bundle, (await vigil(['config', 'export', ...at])).out);
  await answer(['config', 'import', bundle, '--data', other, '--why', 'a second site']);
  const shown = await answer(['config', 'show', ...at]);
  expect(await answer(['config', 'show', '--data', other])).toEqual(shown);
  expect(shown).toMatchObject({ units: [{ name: 'Four East' }] });
  writeFileSync(bundle, '[]');
  expect((await vigil(['config', 'import', bundle, ...because])).code).toBe(2);
  await answer(['config', 'rollback', '1', ...because]);
  expect(await answer(['config', 'show', ...at])).toMatchObject({ or: { expectedTurnoverMinutes: 45 } });
  expect(await answer(['config', 'show', '--in-force', ...at])).toMatchObject({ units: [], retention: { events: 90 } });
  await answer(['sources', 'register', 'ehr/one', ...at]);
  const trail = await answer<AuditedEntry[]>(['audit', 'list', ...at]);
  expect(trail.map(({ action, outcome, actor, subject }) => [action, outcome, actor.from, subject['version'] ?? subject['instance']])).toEqual([['registerSource', 'one'], ['rollbackConfig', 4], ['putConfig', 3], ['putConfig', 2], ['putConfig', 1]].map(([action, of]) => [action, 'done', 'command line', of]));
  expect((await answer<AuditedEntry[]>(['audit', 'list', '--data', other])).map(({ action, subject }) => [action, subject['why']])).toEqual([['importConfig', 'a second site']]);
});

test('given a running core, when its site is changed through it, then it is in force there; without it nobody else writes', async () => {
  const here = await Station.start('embedded', temporaryDir());
  onTestFinished(() => here.stop());
  const at = ['--data', here.data, '--why', 'a test'];
  expect((await vigil(['config', 'set', 'title', 'St. Mary', ...at]))).toMatchObject({ code: 1, err: expect.stringContaining('another Vigil is writing') as string });
  expect(await answer<Changed>(['config', 'set', 'title', 'St. Mary', ...at, '--core', here.wall])).toMatchObject({ version: 1 });
  expect(await answer<Changed>(['config', 'set', 'title', ...at, '--core', here.wall])).toMatchObject({ version: 2 });
  expect(await answer<Changed>(['config', 'rollback', '1', ...at, '--core', here.wall])).toMatchObject({ version: 3, changes: [{ path: '/title', after: 'St. Mary' }] });
  expect(await (await here.ask('GET', '/config')).json()).toMatchObject({ version: 3, who: 'local', document: { title: 'St. Mary' } });
});

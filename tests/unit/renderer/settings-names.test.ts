import { expect, test } from 'vitest';
import { SETTINGS } from '#shared/config/settings.ts';
import { longKind, shortKind } from '../../../renderer/format/unit-kind.ts';
import { choiceName, columnName, placeName, settingName } from '../../../renderer/settings/names.ts';
import { shapeOf } from '../../../renderer/settings/shapes.ts';

/** Names as programs write them: `someName`, `some_name`, `some.name`. */
const OF_A_PROGRAM = /[a-z][A-Z]|_|\.\S/;
const isForPeople = (name: string): boolean => /^[A-Z]/.test(name) && !OF_A_PROGRAM.test(name);

test('no setting, column or choice is shown by the name that programs have for it', () => {
  const shown = SETTINGS.flatMap((setting) => {
    const shape = shapeOf(setting);
    const choices = (place: string, one: typeof shape) => (one.kind === 'choice' ? one.of.map((choice) => choiceName(place, choice)) : []);
    const columns = shape.kind === 'rows' ? shape.columns.flatMap(({ name, shape: cell }) => [columnName(setting.key, name), ...choices(`${setting.key}.${name}`, cell)]) : choices(setting.key, shape);
    return [settingName(setting.key), ...columns];
  });
  expect(shown.filter((name) => !isForPeople(name))).toEqual([]);
});

test('no two settings have one name', () => {
  const names = SETTINGS.map(({ key }) => settingName(key));
  expect(names.filter((name, i) => names.indexOf(name) < i)).toEqual([]);
});

test('a setting, column or choice that is new is told by its own name in words', () => {
  expect([settingName('newestOne.of_all'), columnName('x', 'someColumn'), choiceName('x', 'as-it-was')]).toEqual(['Newest one of all', 'Some column', 'As it was']);
});

test.each([
  [[], 'The whole document'],
  [['timezone'], 'Time zone'],
  [['or', 'primeTime', 'from'], 'Prime time begins'],
  [['units', '2', 'beds'], 'Units, row 3, Beds'],
  [['thresholds', 'ed.census', 'warn'], 'Thresholds, ed.census, Warning'],
  [['newest'], 'Newest'],
])('the place %j of a document reads %s', (path, name) => {
  expect(placeName(path)).toBe(name);
});

test('kinds of units have a short and a long name; one that is not known keeps its own', () => {
  expect([shortKind('icu'), longKind('icu'), shortKind('step_down'), longKind('step_down'), shortKind('hotel')]).toEqual(['ICU', 'Intensive care', 'step-down', 'Step-down', 'hotel']);
});

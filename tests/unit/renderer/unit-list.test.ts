import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSite } from '#shared/config/check.ts';
import { unitList } from '../../../renderer/settings/unit-list.ts';

const KINDS = ['ward', 'icu', 'ed'];

test('given a list with ranges, then each unit has its beds, with the digits that the range began with', () => {
  const text = '4E; 4E Cardiology; ward; 01-03, 10\n\nED;Emergency;ed;A8-A11, HALL1\nMICU\tMedical ICU\ticu';
  expect(unitList(text, KINDS)).toEqual({
    ok: true,
    units: [
      { id: '4E', name: '4E Cardiology', kind: 'ward', beds: ['01', '02', '03', '10'] },
      { id: 'ED', name: 'Emergency', kind: 'ed', beds: ['A8', 'A9', 'A10', 'A11', 'HALL1'] },
      { id: 'MICU', name: 'Medical ICU', kind: 'icu', beds: [] },
    ],
  });
});

test.each([['icu', 'icu'], ['ICU', 'icu'], ['Intensive care', 'icu'], ['emergency department', 'ed']])('given the kind "%s" by any of its names, then it is %s', (written, kind) => {
  expect(unitList(`4E; 4E; ${written}`, KINDS)).toEqual({ ok: true, units: [{ id: '4E', name: '4E', kind, beds: [] }] });
});

test.each([
  ['4E; Cardiology', 'Line 1: write id; name; kind; beds'],
  ['\n4E; Cardiology; hotel; 1', 'Line 2: "hotel" is no kind of unit; there are ward, ICU, ED'],
  ['4E; Cardiology; ward; 9-2', 'Line 1: 9-2 ends before it begins'],
  ['4E; Cardiology; ward; 1-9999', 'Line 1: 1-9999 are 9999 beds; 500 at most stand in one range'],
  ['4E; Cardiology; ward; 1; 2', 'Line 1: there is something after the beds: 2'],
])('given %j, then it says where and what is wrong', (text, fault) => expect(unitList(text, KINDS)).toEqual({ ok: false, faults: [fault] }));

test('whatever is written, a list that is taken is one that the site document takes, but for names that stand twice', () => {
  const part = fc.stringMatching(/^[A-Za-z0-9 ,;-]{0,20}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part, fc.constantFrom(...KINDS, 'x'), part).map((parts) => parts.join(';')), { maxLength: 4 }), (lines) => {
      const read = unitList(lines.join('\n'), KINDS);
      if (!read.ok) return;
      const checked = checkSite({ units: read.units });
      if (!checked.ok) for (const { message } of checked.faults) expect(message).toMatch(/stands here twice/);
    }),
  );
});

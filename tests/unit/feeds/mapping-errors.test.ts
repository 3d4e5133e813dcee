import { describe, expect, it } from 'vitest';
import { loadMapping, shippedMappings } from '#core/feeds/table/mapping-file.ts';
import { importedText } from '../../fixtures/import-table.ts';

const GOOD = `
mapping: labs
version: 1
source: { name: lis, instance: test }
time: { formats: ['yyyy-MM-dd'], at: '{day}' }
events:
  - type: lab.result-reported
    data: { order: '{order}' }
`;
const TABLE = 'order,day\n1,2026-01-14\n';
const wrong = (from: string | RegExp, to: string) => importedText(GOOD.replace(from, to), TABLE);

describe('a mapping that is wrong', () => {
  it('is not this one', async () => {
    expect((await importedText(GOOD, TABLE)).summary.events).toBe(1);
  });

  it.each([
    ['broken YAML', /version: 1/, 'version: [1', /test\.yaml: is not valid YAML/],
    ['an unknown key', 'version: 1', 'version: 1\nevnts: []', /test\.yaml: unknown key "evnts"; remove it or correct its spelling/],
    ['an unknown source', 'name: lis', 'name: lab', /test\.yaml: source\.name/],
    ['an unknown zone', "at: '{day}' }", "at: '{day}', zone: Europe/Atlantis }", /time\.zone: not a time zone: use an IANA name/],
    ['an unknown time token', 'yyyy-MM-dd', 'yyyy-MMM-dd', /time\.formats\[0\]: "MMM" in time format/],
    ['an unknown event type', 'lab.result-reported', 'lab.result-told', /events\[0\]\.type: "lab\.result-told" is no event type/],
    ['a field that the type does not have', "{ order: '{order}' }", "{ ordre: '{order}' }", /events\[0\]\.data\.ordre: is no field of this event type; it has order/],
    ['a column that the table does not have', "'{order}'", "'{number}'", /events\[0\]\.data\.order: names column "number", which table\.csv does not have \(it has order, day\); correct/],
    ['an unknown operation', "'{order}'", '{ $form: order }', /events\[0\]\.data\.order: .*\$form/],
    ['two inputs of one value', "'{order}'", "{ $from: order, $text: 'x' }", /needs exactly one of \$from, \$text, \$first and \$bed/],
    ['a map that is not there', "'{order}'", '{ $from: order, $map: names }', /there is no map "names"; maps has none/],
    ['state that is not declared', "'{order}'", "'{case.n}'", /add "n" to case\.state/],
    ['a missing time', ", at: '{day}'", '', /events\[0\]\.at: is missing/],
    ['two events of one key', /$/, "  - { type: lab.result-reported, data: { order: '{order}' } }\n", /events\[1\]\.key: "result-reported" is used twice/],
  ])('names file, key and what to do for %s', async (_, from, to, message) => {
    await expect(async () => wrong(from, to)).rejects.toThrow(message);
  });

  it('is told when a column that it names is there twice, whatever else is', async () => {
    await expect(importedText(GOOD, 'order,day,order\n1,2026-01-14,2\n')).rejects.toThrow(/names column "order", which table\.csv has twice/);
    expect((await importedText(GOOD, 'order,day,note,note\n1,2026-01-14,x,y\n')).summary.events).toBe(1);
  });

  it('names the mappings there are when asked for one that is not', () => {
    expect(() => loadMapping('nowhere')).toThrow(new RegExp(shippedMappings().join(', ')));
  });
});

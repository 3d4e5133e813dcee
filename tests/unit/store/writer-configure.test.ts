import { expect, onTestFinished, test } from 'vitest';
import type { SiteDocument } from '#shared/config/settings.ts';
import { wallClock } from '#core/clock/clock.ts';
import { topicOf } from '#core/mqtt/publisher.ts';
import type { Outcome } from '#core/store/outcome.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { WriterThread } from '#core/store/writer-thread.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

const HOUR = 3_600_000;
const DAY_BEFORE = Date.UTC(2026, 0, 9, 12);

/** A writer at work on a store of its own, and what it told. */
async function atWork() {
  const dataDir = temporaryDir();
  const outcomes: Outcome[] = [];
  let sent = 0;
  const { writer } = await WriterThread.start({ dataDir, id: DEFAULT_SITE, withVault: false }, wallClock, { onCommitted: ({ outcome }) => outcomes.push(outcome), onStalled: () => undefined, onLost: () => undefined });
  const db = openForReading(storeFiles(dataDir, DEFAULT_SITE).log);
  onTestFinished(async () => {
    db.close();
    await writer.close();
  });
  const configure = (document: SiteDocument, from: number) => writer.ask({ what: 'configure', change: { document, fromFile: [], from, at: 0, who: 'ann', why: 'a test' } });
  const send = (instance: string) => {
    const event = envelope('bed.cleaning-requested', DAY_BEFORE, { unit: '4E', bed: '1' }, { id: `e${sent++}`, source: `//local/main/bed/${instance}` });
    return new Promise<void>((resolve) => writer.submit({ topic: topicOf(event)!, payload: Buffer.from(JSON.stringify(event)) }, resolve));
  };
  return { writer, outcomes, db, configure, send };
}

test('given a writer at work, when the site document changes, then sources, published events and calendars go by it from the next message on', async () => {
  const { writer, outcomes, db, configure, send } = await atWork();
  await send('one');
  expect(outcomes.at(-1)).toMatchObject({ accepted: 1, ingested: [] });
  expect(await configure({ sources: [{ kind: 'bed', instance: 'three', authority: [] }], publishOps: { types: ['ops.event-ingested'] }, timezone: 'Asia/Kolkata' }, 0)).toEqual({ ok: true, version: 1 });
  expect(outcomes.at(-1)!.registrations).toMatchObject([{ kind: 'bed', instance: 'three', registeredBy: 'site' }]);
  await send('two');
  expect(outcomes.at(-1)).toMatchObject({ accepted: 0 });
  await send('three');
  expect(outcomes.at(-1)).toMatchObject({ accepted: 1, ingested: [{ type: 'bed.cleaning-requested' }] });
  writer.writeSamples([['beds', DAY_BEFORE, 1]]);
  writer.writeSamples([['beds', DAY_BEFORE + 2 * HOUR, 1]]);
  await send('three');
  // Hours of India begin at half past.
  expect(db.prepare('SELECT at FROM metric_rollup_1h').pluck().all()).toEqual([DAY_BEFORE - HOUR / 2]);
});

test('given a document changed meanwhile, when a change made from the one before comes, then the writer says that somebody came first', async () => {
  const { configure } = await atWork();
  await configure({ title: 'A' }, 0);
  expect(await configure({ title: 'B' }, 0)).toMatchObject({ ok: false, stale: true, problem: expect.stringContaining('version 1') as string });
});

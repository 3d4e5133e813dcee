import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { LogCopies, Standstill, type Maker } from '#core/api/log-copies.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { hospitalEvent } from '../../fixtures/hospital-stream.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';
import { until } from '../../rig/until.ts';

const HOUR = 3_600_000;
const BOUNDS = { answer: HOUR, stalled: HOUR, abandoned: HOUR };
const SOON = 1;

/** Copies of a log that is nothing but a file, made by a disk that gives a byte every 5 ms, `bytes` in all, and then no more if it is to stall. */
function onSlowDisk(bytes: number, stalls: boolean) {
  const file = join(temporaryDir(), 'log.db');
  writeFileSync(file, 'log');
  let makers = 0;
  const make: Maker = (to) => {
    makers++;
    writeFileSync(to, '');
    let timer: NodeJS.Timeout;
    const made = new Promise<{ bytes: number; sha256: string; position: number }>((resolve) => {
      let written = 0;
      timer = setInterval(() => {
        appendFileSync(to, 'x');
        if (++written < bytes) return;
        clearInterval(timer);
        if (!stalls) resolve({ bytes, sha256: '', position: 0 });
      }, 5);
    });
    const stop = async () => clearInterval(timer);
    onTestFinished(stop);
    return { made, stop };
  };
  return { file, make, makers: () => makers };
}

test('given work that goes on by any steps, when none is as long as the limit, then it never stands still, however long it takes; one that is as long is found', () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 1_000 }), fc.array(fc.nat(), { minLength: 1, maxLength: 50 }), (limit, steps) => {
    const still = new Standstill(limit);
    let now = 0;
    for (const [i, step] of steps.entries()) {
      now += step % limit;
      expect(still.lasts(`${i}`, now)).toBe(false);
    }
    expect(still.lasts(`${steps.length - 1}`, now + limit - 1)).toBe(false);
    expect(still.lasts(`${steps.length - 1}`, now + limit)).toBe(true);
  }));
});

test('given a log, when a copy takes longer than who asks waits, then they are told to ask again, and get that very copy; it is gone once it was sent', async () => {
  const store = temporaryStore();
  apply(store, Array.from({ length: 400 }, (_, i) => hospitalEvent(i, Date.UTC(2026, 0, 1) + i)));
  const copies = new LogCopies(store.db.name, DEFAULT_SITE, { bounds: { ...BOUNDS, answer: 0 } });
  const first = copies.begin();
  await expect(first.made).rejects.toThrow('ask again until it is sent');
  expect(() => copies.begin()).toThrow('another station');
  first.end();
  for (;;) {
    const again = copies.begin();
    const copy = await again.made.catch(() => undefined);
    if (copy) expect((await buffer(copy.stream)).length).toBe(copy.bytes);
    again.end();
    if (copy) break;
  }
  await until('the copy to be gone', () => !existsSync(`${store.db.name}.copy`));
});

test('given a copy that takes many times the limit of a standstill, when it goes on all the while, then it is given', async () => {
  const { file, make, makers } = onSlowDisk(100, false);
  const { made, end } = new LogCopies(file, DEFAULT_SITE, { make, bounds: { ...BOUNDS, stalled: 100 } }).begin();
  expect(await buffer((await made).stream)).toHaveLength(100);
  end();
  expect(makers()).toBe(1);
});

test('given a copy that stands still, when the limit is over, then it ends with that reason, its file goes, and another may be begun', async () => {
  const { file, make, makers } = onSlowDisk(3, true);
  const copies = new LogCopies(file, DEFAULT_SITE, { make, bounds: { ...BOUNDS, stalled: 100 } });
  const { made, end } = copies.begin();
  await expect(made).rejects.toThrow('given up');
  end();
  await until('its file to be gone', () => !existsSync(`${file}.copy`));
  copies.begin().end();
  expect(makers()).toBe(2);
});

test('given a copy whose station went away, when nobody asks for it any more, then it ends, and another may be begun', async () => {
  const { file, make, makers } = onSlowDisk(3, true);
  const copies = new LogCopies(file, DEFAULT_SITE, { make, bounds: { ...BOUNDS, answer: SOON, abandoned: SOON } });
  const { made, end } = copies.begin();
  await expect(made).rejects.toThrow('ask again');
  end();
  await until('its file to be gone', () => !existsSync(`${file}.copy`));
  copies.begin().end();
  expect(makers()).toBe(2);
});

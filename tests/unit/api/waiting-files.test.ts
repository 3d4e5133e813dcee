import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { WaitingFiles } from '#core/api/waiting-files.ts';

const files = () => {
  const waiting = new WaitingFiles();
  const stop = vi.fn<() => void>();
  const keep = (bytes: Readable) => waiting.keep({ name: 'a.csv', media: 'text/csv', bytes }, stop)!;
  const ends = (id: string, state: string) => expect.poll(() => waiting.progress(id)?.state).toBe(state);
  return { waiting, stop, keep, ends };
};

test('given a file, when it is fetched, then once, whole, and its bytes are counted', async () => {
  const { waiting, stop, keep, ends } = files();
  const id = keep(Readable.from(['ab', 'cd'], { objectMode: false }));
  expect(waiting.progress(id)?.state).toBe('waiting');
  const taken = waiting.take(id)!;
  expect([taken.name, waiting.take(id), waiting.progress(id)?.state]).toEqual(['a.csv', undefined, 'sending']);
  expect(await text(taken.bytes)).toBe('abcd');
  await ends(id, 'sent');
  expect(waiting.progress(id)).toEqual({ state: 'sent', bytes: 4 });
  expect(stop).toHaveBeenCalled();
});

test('given a file whose making fails, when it is fetched, then it breaks off and is told as failed', async () => {
  const { waiting, keep, ends } = files();
  const making = new PassThrough();
  const id = keep(making);
  const reading = text(waiting.take(id)!.bytes);
  making.write('ab');
  making.destroy(new Error('disk'));
  await expect(reading).rejects.toThrow('disk');
  await ends(id, 'failed');
});

test.each([['who fetches it goes away', 'left'], ['it is cancelled', 'cancelled']] as const)('given a file under way, when %s, then its making ends and it is told as %s', async (what, state) => {
  const { waiting, stop, keep, ends } = files();
  const making = new PassThrough();
  const id = keep(making);
  const { bytes } = waiting.take(id)!;
  if (state === 'left') bytes.destroy();
  else expect(waiting.cancel(id), what).toBe(true);
  await ends(id, state);
  await expect.poll(() => making.destroyed).toBe(true);
  expect(stop).toHaveBeenCalled();
});

test('given a file that nobody fetches, then it ends after a minute; given too many, then no more is taken in', () => {
  vi.useFakeTimers();
  try {
    const { waiting, keep } = files();
    const ids = Array.from({ length: 16 }, () => keep(new PassThrough()));
    expect(keep(new PassThrough())).toBeUndefined();
    vi.advanceTimersByTime(60_000);
    expect(ids.map((id) => [waiting.take(id), waiting.progress(id)?.state])).toEqual(ids.map(() => [undefined, 'left']));
    expect(keep(new PassThrough())).toBeDefined();
  } finally {
    vi.useRealTimers();
  }
});

test('given names that are none, then nothing is found, and the names of files cannot be guessed', () => {
  const { waiting, keep } = files();
  expect([waiting.take('x'), waiting.progress('x'), waiting.cancel('x')]).toEqual([undefined, undefined, false]);
  const [one, other] = [keep(new PassThrough()), keep(new PassThrough())];
  expect([one, other]).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)]);
  expect(one).not.toBe(other);
});

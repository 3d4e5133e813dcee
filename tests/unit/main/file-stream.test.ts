import { PassThrough, Readable } from 'node:stream';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { sendFile } from '#core/file-port.ts';
import { streamedFile, type FilePort } from '../../../electron/main/file-stream.ts';

/** Ends of a channel as Electron has them: messages come as events, and none before the end is started. */
function channel() {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const asElectron = (port: MessagePort) => ({
    on(event: 'message' | 'close', listener: (event: { data: unknown }) => void) {
      if (event === 'close') port.on('close', () => listener({ data: undefined }));
      else port.addListener('message', (data: unknown) => listener({ data }));
    },
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  });
  return { core: asElectron(port1), shell: asElectron(port2) as FilePort };
}

const made = (bytes: Readable) => ({ name: 'vigil-beds.csv', media: 'text/csv', bytes });

test('given a file of the core, when the shell takes it, then it is the same bytes under the same name', async () => {
  const { core, shell } = channel();
  const pieces = Array.from({ length: 50 }, (_, i) => Buffer.from(`row ${i}\n`.repeat(i * 37)));
  sendFile(made(Readable.from(pieces, { objectMode: false })), core);
  const file = (await streamedFile(shell))!;
  expect([file.name, file.media]).toEqual(['vigil-beds.csv', 'text/csv']);
  expect(Buffer.from(await new Response(file.bytes).arrayBuffer())).toEqual(Buffer.concat(pieces));
});

test('given a file, when the shell takes no more for now, then no more than what is under way is read of it', async () => {
  const { core, shell } = channel();
  let read = 0;
  const endless = new Readable({ read() { read += 1_000; this.push(Buffer.alloc(1_000)); }, highWaterMark: 1_000 });
  sendFile(made(endless), core);
  const reader = (await streamedFile(shell))!.bytes.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(read).toBeLessThanOrEqual(5_000);
  await reader.cancel();
  await expect.poll(() => endless.destroyed).toBe(true);
});

test('given no such file, then there is none; given one whose making fails, then it breaks off', async () => {
  const none = channel();
  sendFile(undefined, none.core);
  expect(await streamedFile(none.shell)).toBeUndefined();
  const { core, shell } = channel();
  const making = new PassThrough();
  sendFile(made(making), core);
  const { bytes } = (await streamedFile(shell))!;
  making.write('half');
  const reading = new Response(bytes).text();
  setTimeout(() => making.destroy(new Error('disk')), 20);
  await expect(reading).rejects.toThrow('broke off');
});

test('given a core that ends, when a file is asked for or under way, then it breaks off', async () => {
  const { core, shell } = channel();
  const asked = streamedFile(shell);
  core.close();
  expect(await asked).toBeUndefined();
  const later = channel();
  sendFile(made(new PassThrough()), later.core);
  const reading = new Response((await streamedFile(later.shell))!.bytes).text();
  later.core.close();
  await expect(reading).rejects.toThrow('broke off');
});

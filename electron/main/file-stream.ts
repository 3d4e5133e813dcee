import type { FileFromCore } from '#shared/link/files.ts';

/** The part of Electron's MessagePortMain that is used here. */
export interface FilePort {
  on(event: 'message', listener: (event: { data: FileFromCore }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: null): void;
  start(): void;
  close(): void;
}

export interface StreamedFile {
  readonly name: string;
  readonly media: string;
  /** One piece is under way at a time: it goes as fast as it is saved. */
  readonly bytes: ReadableStream<Uint8Array>;
}

/** A file as the core hands it over; undefined where it has none, or ends first. */
export async function streamedFile(port: FilePort): Promise<StreamedFile | undefined> {
  let heard: (message: FileFromCore) => void = () => undefined;
  let closed = false;
  port.on('message', ({ data }) => heard(data));
  port.on('close', () => {
    closed = true;
    heard({ t: 'broken' });
  });
  const answer = (): Promise<FileFromCore> => (closed ? Promise.resolve({ t: 'broken' }) : new Promise((resolve) => (heard = resolve)));
  const first = answer();
  port.start();
  const file = await first;
  if (file.t !== 'file') {
    port.close();
    return undefined;
  }
  const bytes = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = answer();
      if (!closed) port.postMessage(null);
      const told = await piece;
      if (told.t === 'piece') return controller.enqueue(told.bytes);
      port.close();
      if (told.t === 'end') controller.close();
      else controller.error(new Error('the file broke off'));
    },
    cancel: () => port.close(),
  }, { highWaterMark: 0 });
  return { name: file.name, media: file.media, bytes };
}

import type { FileFromCore } from '#shared/link/files.ts';
import type { MadeFile } from './api/waiting-files.ts';

/** The part of Electron's MessagePortMain that is used here. */
interface Port {
  on(event: 'message' | 'close', listener: () => void): void;
  postMessage(message: FileFromCore): void;
  start(): void;
}

/** Gives a file to the shell: what it is, then a piece each time that the shell asks. A port that closes ends the file. */
export function sendFile(file: MadeFile | undefined, port: Port): void {
  if (!file) return port.postMessage({ t: 'none' });
  const { name, media, bytes } = file;
  const pieces = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const next = async (): Promise<FileFromCore> => {
    try {
      const { done, value } = await pieces.next();
      // A copy: a buffer may be a part of a larger one, all of which would be sent.
      return done ? { t: 'end' } : { t: 'piece', bytes: new Uint8Array(value) };
    } catch {
      return { t: 'broken' };
    }
  };
  port.on('message', () => void next().then((piece) => port.postMessage(piece)));
  port.on('close', () => bytes.destroy());
  port.start();
  port.postMessage({ t: 'file', name, media });
}

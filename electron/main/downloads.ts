import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { app, session } from 'electron';
import { fileOf } from '#shared/api/exports.ts';
import { PAGE_ORIGIN } from './page-file.ts';

/** Whether it is a file that a core made for one of our pages, or what such a page put together itself. */
export function isOwnFile(address: string): boolean {
  if (address.startsWith(`blob:${PAGE_ORIGIN}/`)) return true;
  return address.startsWith(`${PAGE_ORIGIN}/`) && fileOf(new URL(address).pathname) !== undefined;
}

/** Files of our pages are saved where a person says; everything else is not. Half a file is none. */
export function saveFiles(): void {
  session.defaultSession.on('will-download', (event, item) => {
    if (!isOwnFile(item.getURL())) return event.preventDefault();
    item.setSaveDialogOptions({ title: 'Save the file', defaultPath: join(app.getPath('downloads'), item.getFilename()) });
    item.on('updated', (_updated, state) => {
      if (state === 'interrupted') item.cancel();
    });
    item.once('done', (_done, state) => {
      if (state === 'interrupted') void rm(item.getSavePath(), { force: true });
    });
  });
}

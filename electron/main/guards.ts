import { app, session, type IpcMainEvent } from 'electron';
import { PAGE_ORIGIN } from './page-file.ts';

const isPage = (url: string): boolean => URL.canParse(url) && url.startsWith(`${PAGE_ORIGIN}/`);

/** Schemes a page may ask for; its inspector, in development, lives under its own. */
const LOCAL = /^(vigil|devtools|data|blob):/;

/** Pages stay where they are, open nothing, embed nothing, ask for no permission and reach no network. */
export function guardPages(): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => {
      if (!isPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !LOCAL.test(url) }));
}

/** Whether a message came from the main frame of one of our own pages. */
export function isOwnPage(event: IpcMainEvent): boolean {
  const { senderFrame, sender } = event;
  return senderFrame !== null && senderFrame === sender.mainFrame && isPage(senderFrame.url);
}

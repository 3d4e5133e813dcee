import type { FromCore } from '#shared/link/messages.ts';
import type { Transport, TransportEvents } from './transport.ts';

export const PORT_MESSAGE = 'vigil:link';
export const PAGE_READY = 'vigil:ready';

export function portTransport(port: MessagePort, events: TransportEvents): Transport {
  let open = true;
  const closed = (): void => {
    if (!open) return;
    open = false;
    events.closed();
  };
  port.onmessage = (event: MessageEvent<FromCore>) => {
    if (open) events.message(event.data);
  };
  port.addEventListener('close', closed);
  return {
    send: (message) => port.postMessage(message),
    close: () => {
      open = false;
      port.close();
    },
  };
}

/** Calls back for every port that the preload hands over: the first, and one after each restart of the core. */
export function onPort(handed: (port: MessagePort) => void): void {
  window.addEventListener('message', (event) => {
    const port = event.ports[0];
    if (event.source === window && event.data === PORT_MESSAGE && port) handed(port);
  });
  window.postMessage(PAGE_READY, window.origin === 'null' ? '*' : window.origin);
}

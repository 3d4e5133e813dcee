import type { FromCore } from '#shared/link/messages.ts';
import { retryDelay } from './backoff.ts';
import type { Transport, TransportEvents } from './transport.ts';

export const socketUrl = ({ protocol, host }: Pick<Location, 'protocol' | 'host'>): string =>
  `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/link`;

/** Keeps a WebSocket to the core open, for ever: `opened` with a new transport after each (re)connection. */
export function keepSocket(url: string, opened: (open: (events: TransportEvents) => Transport) => void): void {
  let failures = 0;
  const connect = (): void => {
    const socket = new WebSocket(url);
    let events: TransportEvents | undefined;
    socket.onopen = () => {
      failures = 0;
      opened((wanted) => {
        events = wanted;
        return { send: (message) => socket.send(JSON.stringify(message)), close: () => socket.close() };
      });
    };
    socket.onmessage = (event: MessageEvent<string>) => events?.message(JSON.parse(event.data) as FromCore);
    socket.onclose = () => {
      events?.closed();
      setTimeout(connect, retryDelay(failures++, Math.random()));
    };
  };
  connect();
}

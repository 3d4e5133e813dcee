import type { FromCore, ToCore } from '#shared/link/messages.ts';

/** One open way to the core. Both kinds carry the same messages. */
export interface Transport {
  send(message: ToCore): void;
  close(): void;
}

export interface TransportEvents {
  message(message: FromCore): void;
  closed(): void;
}

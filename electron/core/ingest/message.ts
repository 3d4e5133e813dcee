/** One message as it came from a link or a file, before anything is known about it. */
export interface RawMessage {
  /** MQTT topic; absent for files. */
  readonly topic?: string;
  /** At most the payload limit; `size` tells what it was. */
  readonly payload: Uint8Array;
  readonly size: number;
  /** Receive time on the site's clock, epoch ms. */
  readonly received: number;
  /** CloudEvents attributes of binary mode (MQTT 5 user properties). */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Larger payloads are refused; a domain event of the contract stays far below. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;
/** What is kept of a refused body. */
export const KEPT_BODY_BYTES = 64 * 1024;

/** Caps what travels on: the rest of an oversized payload is never copied between threads. */
export function rawMessage(message: Omit<RawMessage, 'size'>): RawMessage {
  const { payload } = message;
  return { ...message, size: payload.length, payload: payload.length > MAX_PAYLOAD_BYTES ? payload.slice(0, KEPT_BODY_BYTES) : payload };
}

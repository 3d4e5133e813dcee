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

/** Caps what travels on, and takes it out of the buffer it lies in: a view goes to another thread with all that is behind it. */
export function rawMessage(message: Omit<RawMessage, 'size'>): RawMessage {
  const { payload } = message;
  const kept = payload.length > MAX_PAYLOAD_BYTES ? payload.subarray(0, KEPT_BODY_BYTES) : payload;
  return { ...message, size: payload.length, payload: kept.length < kept.buffer.byteLength ? new Uint8Array(kept) : kept };
}

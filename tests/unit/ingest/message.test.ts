import { expect, test } from 'vitest';
import { KEPT_BODY_BYTES, rawMessage } from '#core/ingest/message.ts';

test.each([
  ['of 10 MB', Buffer.alloc(10_000_000), KEPT_BODY_BYTES],
  ['that lies in the middle of what the network read', Buffer.alloc(65_536).subarray(1_000, 1_300), 300],
])('given a payload %s, when it goes to another thread, then what is copied is what is kept of it', (_what, payload, kept) => {
  const message = rawMessage({ payload, received: 0 });
  expect(message.size).toBe(payload.length);
  // A view is cloned with the whole buffer behind it.
  expect(structuredClone(message).payload.buffer.byteLength).toBe(kept);
});

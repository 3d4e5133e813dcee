import { z } from 'zod';
import type { ToCore } from '#shared/link/messages.ts';

const params = z.record(z.string().max(64), z.string().max(256));

/** What pages may say; they are outside the core's trust, so every message is checked. */
const toCoreSchema: z.ZodType<ToCore> = z.discriminatedUnion('t', [
  z.object({ t: z.literal('hello'), versions: z.array(z.int()).max(16), role: z.enum(['wall', 'desk', 'kiosk']) }),
  z.object({ t: z.literal('subscribe'), sub: z.int(), view: z.string().max(64), params: params.optional() }),
  z.object({ t: z.literal('unsubscribe'), sub: z.int() }),
  z.object({ t: z.literal('ack'), sub: z.int(), revision: z.int().min(0) }),
  z.object({ t: z.literal('command'), id: z.int(), name: z.string().max(64), args: z.record(z.string(), z.json()) }),
]) as z.ZodType<ToCore>;

/** Checks what a page said; never throws, also not for data nested deeper than the stack. */
export function parseToCore(raw: unknown): { ok: true; message: ToCore } | { ok: false; problem: string } {
  try {
    const parsed = toCoreSchema.safeParse(raw);
    return parsed.success ? { ok: true, message: parsed.data } : { ok: false, problem: parsed.error.issues[0]?.message ?? 'not a message of the link' };
  } catch (error) {
    return { ok: false, problem: (error as Error).message };
  }
}

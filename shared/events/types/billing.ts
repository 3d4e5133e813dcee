import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, money, patient } from '../fields.ts';

const ref = { visit: identifier().optional(), patient: patient().optional(), provider: code().optional(), amount: money(), currency: z.string().regex(/^[A-Z]{3}$/).optional() };

export const billingEvents = [
  defineEvent({
    type: 'billing.quote-issued',
    describes: 'A treatment plan was priced.',
    entity: { kind: 'quote', id: (d) => d.quote },
    data: () => z.object({ ...ref, quote: identifier() }),
    example: { quote: 'Q-5', visit: 'W-12', amount: 640, currency: 'EUR' },
  }),
  defineEvent({
    type: 'billing.payment-received',
    describes: 'A payment came in, for a quote or on its own.',
    entity: { kind: 'quote', id: (d) => d.quote ?? d.payment },
    data: () => z.object({ ...ref, payment: identifier(), quote: identifier().optional(), method: z.enum(['cash', 'card', 'transfer', 'insurer', 'other']).optional() }),
    example: { payment: 'PAY-8', quote: 'Q-5', amount: 320, currency: 'EUR', method: 'card' },
  }),
];

import { z } from 'zod';
import { defineOperation } from './operation.ts';

export const getPrometheus = defineOperation({
  id: 'getPrometheus', method: 'GET', path: '/prometheus', tag: 'status', summary: 'Counters and gauges of the core for Prometheus', permission: 'views.read',
  media: 'text/plain; version=0.0.4; charset=utf-8', answer: z.string(),
});

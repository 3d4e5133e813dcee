import type { MetricDefinition } from '../definition.ts';

const scopes = ['modality', 'priority', 'setting'] as const;
/** The DICOM modalities of plain X-ray, and the name that orders use. */
const inpatientXray = Object.fromEntries(['CR', 'DX', 'XR'].map((modality) => [`modality=${modality},setting=inpatient`, { warn: 1440 }]));
const duration = { kind: 'distribution', unit: 'min', scopes } as const;

export const imagingMetrics: readonly MetricDefinition[] = [
  {
    id: 'imaging.pending',
    title: 'Imaging pending',
    kind: 'gauge',
    unit: 'orders',
    scopes,
    formula: 'Orders created, without a signed report and not cancelled. A preliminary report is none. Unknown while no order is reported.',
    inputs: ['imaging.order-created@time', 'imaging.order-created.modality', 'imaging.order-created.priority', 'imaging.report-signed@time', 'imaging.order-cancelled@time'],
    source: 'Vigil',
    direction: 'none',
  },
  {
    ...duration,
    id: 'imaging.turnaround',
    title: 'Report turnaround (study to report)',
    short: 'Report',
    detail: 'study to report',
    formula: 'Study completed to final report signed. Targets: CT of the emergency department 60 / 120 min, inpatient X-ray 24 h; share within target only where all samples have one.',
    inputs: ['imaging.study-completed@time', 'imaging.report-signed@time', 'imaging.order-created.modality', 'imaging.order-created.priority', 'imaging.order-created.setting'],
    source: 'NICE QS74; RCR',
    direction: 'high',
    byScope: { 'modality=CT,setting=ed': { warn: 60, crit: 120 }, ...inpatientXray },
  },
  {
    ...duration,
    id: 'imaging.order_to_study',
    title: 'Order to study',
    formula: 'Order created to study completed.',
    inputs: ['imaging.order-created@time', 'imaging.study-completed@time', 'imaging.order-created.modality', 'imaging.order-created.priority'],
    source: 'Vigil',
    direction: 'none',
  },
];

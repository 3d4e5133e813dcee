import { z } from 'zod';
import { weeklyArrivalsSchema } from '../distributions/arrivals.ts';
import { distributionSchema as distribution } from '../distributions/distribution.ts';

const share = () => z.number().min(0).max(1);
const byHour = (value: z.ZodNumber) => z.array(value).length(24);
const servers = () => byHour(z.number().int().min(0));
/** How often each choice is made: shares, or means where a choice may be made several times. */
const mix = () => z.record(z.string(), z.number().min(0));

/**
 * The demo hospital in numbers (`resources/demo/parameters.yaml`). Durations are in minutes where the name does not
 * say otherwise; profiles by hour count from local midnight; shares lie between 0 and 1.
 */
export const parametersSchema = z.strictObject({
  ed: z.strictObject({
    arrivals: weeklyArrivalsSchema,
    /** By triage level, 1 the most urgent. */
    levels: z.array(
      z.strictObject({
        share: z.number().min(0),
        ambulance: share(),
        admit: share(),
        /** Of the admitted. */
        intensive: share(),
        /** With the provider, at the bedside. */
        provider: distribution,
        /** From the provider's first contact to a decision, tests apart. */
        work: distribution,
        labs: z.number().min(0),
        imaging: mix(),
      }),
    ).length(5),
    triage: distribution,
    triageNurses: servers(),
    providers: servers(),
    /** Patience of those who wait for a space, levels 3 to 5. */
    patience: distribution,
    fromDecisionToLeaving: distribution,
    offload: distribution,
    /** From the assignment of a clean bed to the move. */
    transport: distribution,
    ventilated: share(),
    /** Of those who leave the hospital: come back to the emergency department, and after how many days. */
    returns: z.strictObject({ share: share(), afterDays: distribution }),
  }),
  inpatient: z.strictObject({
    /** Days from admission to discharge, by kind of stay. */
    stayDays: z.strictObject({ medical: distribution, surgical: distribution, step_down: distribution }),
    medicalWards: z.array(z.string()).min(1),
    surgicalWards: z.array(z.string()).min(1),
    icuDays: distribution,
    /** Of those who leave intensive care: to a step-down unit before the ward. */
    viaStepDown: share(),
    dischargeHour: z.array(z.number().min(0)).length(24),
    /** From the decision to leave to leaving. */
    dischargePending: distribution,
    directAdmissions: weeklyArrivalsSchema,
    deteriorate: share(),
    ventilated: share(),
    isolation: share(),
    died: share(),
    /** Occupancy at which the first hour begins. */
    startOccupancy: share(),
  }),
  cleaning: z.strictObject({ teams: servers(), request: distribution, duration: distribution, isolationFactor: z.number().min(1), blockedPerDay: z.number().min(0), blocked: distribution }),
  surgery: z.strictObject({
    services: z.array(
      z.strictObject({
        service: z.string(),
        rooms: z.array(z.string()).min(1),
        /** Whole years, both inclusive; adults where nothing is said. */
        ages: z.tuple([z.number().int().min(0), z.number().int().max(120)]).optional(),
        /** Real over booked time in the room, where the service differs from the others. */
        durationRatio: distribution.optional(),
        procedures: z.array(z.strictObject({ name: z.string(), share: z.number().min(0), bookedMinutes: z.number().positive(), inpatient: share(), intensive: share(), sex: z.enum(['F', 'M']).optional() })).min(1),
      }),
    ),
    /** Real over booked time in the room. */
    durationRatio: distribution,
    /** Late start of the first case of a room, against its schedule; negative is early. */
    firstCaseDelay: distribution,
    turnover: distribution,
    setup: distribution,
    recovery: distribution,
    addOnsPerDay: z.number().min(0),
    cancelled: share(),
    weekendRooms: z.array(z.string()),
  }),
  lab: z.strictObject({
    analysers: z.strictObject({ chemistry: z.number().int(), haematology: z.number().int(), microbiology: z.number().int() }),
    tests: z.array(z.strictObject({ test: z.string(), share: z.number().min(0), analyser: z.enum(['chemistry', 'haematology', 'microbiology']), analysis: distribution })).min(1),
    perInpatientDay: z.number().min(0),
    byHour: byHour(z.number().min(0)),
    stat: share(),
    collect: z.strictObject({ routine: distribution, stat: distribution }),
    /** Specimen collected -> received, waiting for a round included. */
    transport: z.strictObject({ routine: distribution, stat: distribution }),
    cancelled: share(),
    corrected: share(),
    critical: share(),
  }),
  imaging: z.strictObject({
    modalities: z.array(z.strictObject({ modality: z.string(), scanners: z.number().int().positive(), study: distribution, outpatientsPerDay: z.number().min(0), perInpatientDay: z.number().min(0) })).min(1),
    prepare: distribution,
    report: distribution,
    radiologists: servers(),
    stat: share(),
    cancelled: share(),
  }),
  pharmacy: z.strictObject({ perInpatientDay: z.number().min(0), byHour: byHour(z.number().min(0)), pharmacists: servers(), dispense: distribution, preparations: mix(), stat: share(), cancelled: share() }),
  revenue: z.strictObject({
    payers: z.array(z.strictObject({ payer: z.string(), share: z.number().min(0) })).min(1),
    outpatientClaimsPerDay: z.number().min(0),
    /** Days between the steps of a claim. */
    days: z.strictObject({
      ...{ close: distribution, code: distribution, bill: distribution, answer: distribution, pay: distribution, appeal: distribution },
      ...{ reopen: distribution, cancelInvoice: distribution, billAgain: distribution, delete: distribution },
    }),
    codingIncomplete: share(),
    /** Of the coded: opened again and coded once more. */
    reopened: share(),
    /** Of the billed: the invoice is taken back and made again. */
    invoiceCancelled: share(),
    /** Of the opened: never billed. */
    deleted: share(),
    rejected: share(),
    denied: share(),
    overturned: share(),
    amount: distribution,
    netShare: share(),
    preauthHours: distribution,
    preauthDenied: share(),
  }),
  staffing: z.strictObject({
    /** Patients a nurse, by kind of unit. */
    ratio: z.record(z.string(), z.number().positive()),
    absent: share(),
  }),
  /** Shares of what real feeds take back; `secondRecord`: of those who come back, registered as if new. */
  corrections: z.strictObject({ admission: share(), transfer: share(), discharge: share(), pendingDischarge: share(), bedAssignment: share(), secondRecord: share() }),
  feeds: z.strictObject({ heartbeatSeconds: z.number().positive() }),
});
export type Parameters = z.output<typeof parametersSchema>;

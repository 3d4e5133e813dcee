import { z } from 'zod';

/**
 * Personal fields carry `phi` in their schema metadata. Ingest reads the mark, not the field's name:
 * - `identifier`: replaced in place by a pseudonym made with the site's key (the same input gives the same pseudonym);
 * - `value`: removed from the event and kept in the vault, under the person it belongs to.
 */
export type Phi = 'identifier' | 'value';

const text = (max: number) => z.string().trim().min(1).max(max);

/** A number or name that outside systems use for a person, stay, order, case or claim. */
export const identifier = () => text(128).meta({ phi: 'identifier' satisfies Phi });

/** Personal text that no projection needs. */
export const personal = (max = 256) => text(max).meta({ phi: 'value' satisfies Phi });

/** A code or short name of a thing that is not a person: unit, bed, room, test, status. */
export const code = () => text(64);

/**
 * Short plain text that somebody wrote: a reason, a note on equipment. It should name nobody, and may: it carries `note` in
 * its schema metadata, stays in the log as it was said and is shown to nobody without the right to see who a patient is.
 */
export const note = () => text(512).meta({ note: true });

/** RFC 3339 time with offset, normalised to UTC with milliseconds. */
export const instant = () => z.iso.datetime({ offset: true }).transform((s) => new Date(s).toISOString());

export const minutes = () => z.number().min(0).max(100_000);
export const count = () => z.int().min(0).max(1_000_000);
export const money = () => z.number().min(-1e12).max(1e12);

/** Kinds of unit, as metric scope `unit_kind` names them. */
export const UNIT_KINDS = ['ward', 'icu', 'step_down', 'ed', 'or', 'pacu', 'lab', 'imaging', 'pharmacy', 'clinic'] as const;
export const unitKind = () => z.enum(UNIT_KINDS);
export type UnitKind = (typeof UNIT_KINDS)[number];

/** Where a patient is or goes (HL7 PV1-3 point of care, room, bed). */
export const location = () =>
  z.object({ unit: code(), unitKind: unitKind().optional(), room: code().optional(), bed: code().optional() });
export type Location = z.output<ReturnType<typeof location>>;

/** The person an event is about. Only `id` stays in the log, as a pseudonym. */
export const patient = () =>
  z.object({
    id: identifier(),
    name: personal().optional(),
    birthDate: personal(32).optional(),
    sex: personal(16).optional(),
    address: personal(512).optional(),
    phone: personal(64).optional(),
  });

/** Order priority as the source says it; blank or absent means `unspecified`. */
export const priority = () => z.string().trim().max(32).transform((p) => p || 'unspecified').default('unspecified');

/** Acuity of a patient, 1 (lowest) to 4 (highest). */
export const acuity = () => z.int().min(1).max(4);

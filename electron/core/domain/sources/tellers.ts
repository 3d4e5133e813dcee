import type { SourceRecord } from '#shared/sources.ts';

/** Who told a type last so much earlier than another (event time) has been replaced by it. */
const REPLACED_MS = 86_400_000;

/** Kinds of source by the event types that they tell. */
export type Tellers = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Which kinds of source tell each event type, as what they told shows. Sources that may not speak any more, and those of
 * which only a file told, count where no other tells the type: what they told still stands, and grows old. People at a
 * desk are no feed that could fall silent.
 */
export function tellersOf(records: readonly Pick<SourceRecord, 'kind' | 'state' | 'registeredBy' | 'types'>[]): Tellers {
  const told = new Map<string, { kind: string; time: number; speaks: boolean }[]>();
  for (const { kind, state, registeredBy, types } of records) {
    if (kind === 'vigil') continue;
    const speaks = state === 'registered' && registeredBy !== 'file';
    for (const [type, time] of Object.entries(types)) told.set(type, [...(told.get(type) ?? []), { kind, time, speaks }]);
  }
  return new Map([...told].map(([type, all]) => {
    const speaking = all.filter(({ speaks }) => speaks);
    const counting = speaking.length > 0 ? speaking : all;
    const newest = Math.max(...counting.map(({ time }) => time));
    return [type, new Set(counting.filter(({ time }) => time > newest - REPLACED_MS).map(({ kind }) => kind))];
  }));
}

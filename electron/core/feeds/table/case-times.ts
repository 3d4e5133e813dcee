import type { Mapping } from './mapping.ts';
import { BadValue, MappingError } from './problems.ts';
import { compileFormat, parseWithOffset, startOfDay, toInstant } from './times.ts';
import { asText, type Frame, type Value } from './values.ts';

/** Makes a time of a value; `label` names it in messages, `dayStart` asks for the midnight before it. */
export type AsTime = (value: Value, frame: Frame, label: string, dayStart?: boolean) => Date | undefined;

/**
 * Reads text in one of the mapping's formats, or with its own offset, moved by the case's shift.
 * @param zone IANA zone of times without an offset. @throws MappingError for a format that cannot be read
 */
export function compileTimes({ time }: Mapping, file: string, zone: string): AsTime {
  const formats = time.formats.map((format, index) => {
    try {
      return compileFormat(format);
    } catch (error) {
      throw new MappingError(file, `time.formats[${index}]`, (error as Error).message);
    }
  });
  return (value, frame, label, dayStart = false) => {
    if (value === undefined) return undefined;
    if (value instanceof Date) return value;
    const text = asText(value) ?? '';
    for (const parse of formats) {
      const wall = parse(text);
      if (wall === undefined) continue;
      return new Date(toInstant((dayStart ? startOfDay(wall) : wall) + frame.shift, zone));
    }
    const at = dayStart ? undefined : parseWithOffset(text);
    if (at === undefined) throw new BadValue(`${label}: "${text}" is not a time of the form ${time.formats.join(' or ')}`);
    return new Date(at + frame.shift);
  };
}

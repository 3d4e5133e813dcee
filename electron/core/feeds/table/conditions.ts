import { compileExpression, isOneOf } from './maps.ts';
import type { Condition, Matcher } from './mapping.ts';
import type { References } from './references.ts';
import { asText, type Frame, type Test } from './values.ts';

/** What conditions are made of. */
export interface Parts {
  readonly file: string;
  readonly references: References;
  /** Epoch ms of what a reference names. */
  readonly time: (reference: string, where: string) => (frame: Frame) => number | undefined;
}

/** Compiles a condition: of several records one must hold, of a record every entry. */
export function compileCondition(condition: Condition | undefined, where: string, parts: Parts): Test {
  if (!condition) return () => true;
  const records = Array.isArray(condition) ? condition : [condition];
  const tests = records.map((record) =>
    Object.entries(record).map(([reference, matcher]) => compileMatcher(reference, matcher, `${where}.${reference}`, parts)),
  );
  return (frame) => tests.some((all) => all.every((test) => test(frame)));
}

function compileMatcher(reference: string, matcher: Matcher, where: string, parts: Parts): Test {
  const read = parts.references.read(reference, where);
  if (typeof matcher !== 'object' || Array.isArray(matcher)) {
    const is = isOneOf(matcher);
    return (frame) => is(asText(read(frame)));
  }
  if ('present' in matcher) return (frame) => (read(frame) !== undefined) === matcher.present;
  if ('not' in matcher) {
    const inner = compileMatcher(reference, matcher.not, where, parts);
    return (frame) => !inner(frame);
  }
  if ('matches' in matcher) {
    const matches = compileExpression(matcher.matches, where, parts.file);
    return (frame) => matches(asText(read(frame)));
  }
  const [from, to] = [parts.time(matcher.between[0], where), parts.time(matcher.between[1], where)];
  const time = parts.time(reference, where);
  return (frame) => {
    const [low, at, high] = [from(frame), time(frame), to(frame)];
    return low !== undefined && at !== undefined && high !== undefined && low <= at && at <= high;
  };
}

import type { Mapping, MapStep } from './mapping.ts';
import { MappingError } from './problems.ts';

type Given = string | number | boolean | undefined;

/** Compiles a map of the mapping: the first step that text passes says what it gives. @throws MappingError when there is none of the name. */
export function compileMap(maps: Mapping['maps'], name: string, where: string, file: string): (text: string | undefined) => Given {
  const steps = maps[name];
  if (!steps) throw new MappingError(file, `${where}.$map`, `there is no map "${name}"; maps has ${Object.keys(maps).join(', ') || 'none'}`);
  const tests = steps.map((step, index) => ({ test: compileStep(step, `maps.${name}[${index}]`, file), gives: 'otherwise' in step ? step.otherwise : step.gives }));
  return (text) => tests.find(({ test }) => test(text))?.gives;
}

function compileStep(step: MapStep, where: string, file: string): (text: string | undefined) => boolean {
  if ('otherwise' in step) return () => true;
  if ('is' in step) return isOneOf(step.is);
  return compileExpression(step.matches, where, file);
}

/** Whether text is one of the values named. */
export function isOneOf(values: string | number | boolean | readonly (string | number | boolean)[]): (text: string | undefined) => boolean {
  const known = new Set((Array.isArray(values) ? values : [values]).map(String));
  return (text) => text !== undefined && known.has(text);
}

/** Whether text matches a regular expression, whatever its case. @throws MappingError for what is none. */
export function compileExpression(source: string, where: string, file: string): (text: string | undefined) => boolean {
  try {
    const expression = new RegExp(source, 'iu');
    return (text) => text !== undefined && expression.test(text);
  } catch (error) {
    throw new MappingError(file, where, `is not a regular expression: ${(error as Error).message}`);
  }
}

const PLACES = 3;

/**
 * Names a defect of ours by the kind of its error and its place in the code, nearest first. What the error says is left
 * out: it may quote what it failed on, and that may be personal.
 */
export function defect(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const { name, message, stack = '' } = error;
  const { code } = error as { code?: unknown };
  const frames = stack.slice(stack.indexOf(message) + message.length);
  const places = [...frames.matchAll(/([\w.-]+:\d+):\d+\)?$/gm)].slice(0, PLACES).map(([, place]) => place);
  return [name, ...(typeof code === 'string' ? [code] : []), ...(places.length > 0 ? [`at ${places.join(' < ')}`] : [])].join(' ');
}

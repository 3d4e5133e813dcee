import { writeFileSync } from 'node:fs';

const FRAME = /^ {4}at .*$/gm;

/**
 * What may be told of an error that nobody expected: its class, its code and where it came from. Its message may quote
 * what the core was at work on; JSON.parse for one does.
 */
export function lastWords(error: unknown): string {
  if (!(error instanceof Error)) return `${typeof error} thrown`;
  const { name, message, stack = '' } = error;
  const { code } = error as NodeJS.ErrnoException;
  const start = stack.indexOf(message);
  const frames = start < 0 ? [] : (stack.slice(start + message.length).match(FRAME) ?? []);
  return [`${name}${code === undefined ? '' : ` (${code})`}`, ...frames].join('\n');
}

/**
 * Keeps patients out of what this process leaves when it crashes: no memory in core dumps, no report of Node's, and in the
 * log the words of {@link lastWords} alone. For the whole process and what it starts; call it before anything personal is read.
 */
export function leaveNothingPersonal(log: (line: string) => void): void {
  noMemoryInDumps(log);
  if (process.report) Object.assign(process.report, { reportOnFatalError: false, reportOnSignal: false, reportOnUncaughtException: false });
  process.on('uncaughtException', (error) => {
    log(`crashed: ${lastWords(error)}`);
    process.exit(1);
  });
}

/** Of Linux; elsewhere systems write memory down only where somebody has told them to. */
function noMemoryInDumps(log: (line: string) => void): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch (error) {
    log(`core dumps of this process would hold its memory (${(error as Error).message}): switch them off (ulimit -c 0)`);
  }
}

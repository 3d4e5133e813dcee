import { readFileSync, writeFileSync } from 'node:fs';

const noMemory = (process: string): void => writeFileSync(`/proc/${process}/coredump_filter`, '0');

function noMemoryInChild(child: string): void {
  try {
    noMemory(child);
  } catch (error) {
    // Chromium's set-uid sandbox is not ours to write to; its processes forbid dumps themselves.
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
}

/**
 * Keeps memory, and so patients, out of what Linux writes down when a process of the app crashes. Whatever starts later has
 * it from this process, or from those that Chromium forks its pages from: they run already, and have it from here.
 */
export function keepMemoryOutOfDumps(log: (line: string) => void): void {
  if (process.platform !== 'linux') return;
  try {
    noMemory('self');
    readFileSync('/proc/thread-self/children', 'utf8').split(' ').filter(Boolean).forEach(noMemoryInChild);
  } catch (error) {
    log(`core dumps of this app would hold its memory (${(error as Error).message}): switch them off (ulimit -c 0)`);
  }
}

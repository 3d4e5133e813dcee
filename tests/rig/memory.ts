import { readFileSync } from 'node:fs';

/** Memory of a process that lies in RAM, in MB. */
export const rssMb = (pid: number): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

import { spawn } from 'node:child_process';
import { vigilCommand } from './core-process.ts';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built `vigil` command to its end. */
export function vigil(args: readonly string[], input: string | Buffer = ''): Promise<Ran> {
  const child = spawn(process.execPath, [vigilCommand(), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  // A command that refuses its arguments ends before it reads.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

/** Runs a command that must succeed and gives its answer as JSON. */
export async function answer<T = Record<string, unknown>>(args: readonly string[], input?: string | Buffer): Promise<T> {
  const { code, out, err } = await vigil([...args, '--json'], input);
  if (code !== 0) throw new Error(`vigil ${args.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}

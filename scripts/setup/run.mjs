import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Output of long tools is kept out of the way and shown when they fail. */
const KEPT_CHARS = 4000;

/**
 * Runs a tool to its end with its output put aside.
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} code 127 when it cannot be started
 */
export function quietly(command, args, { cwd, env, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let timedOut = false;
    const keep = (chunk) => (output = (output + chunk).slice(-KEPT_CHARS));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = timeoutMs && setTimeout(() => ((timedOut = true), child.kill('SIGKILL')), timeoutMs);
    child.on('error', (error) => resolve({ code: 127, output: error.message, timedOut }));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output: output.trim(), timedOut });
    });
  });
}

/** npm's words to people, without its stack traces. */
export const withoutStack = (output) => output.replace(/^npm error\s{2,}.*\n?/gm, '');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const GRACE_MS = 8000;
const LOOK_MS = 500;

/**
 * Runs a program with this terminal and passes signals on to it alone, so that it can end what it started in its own
 * order; a second signal, or none of that happening, ends its whole process group.
 * @returns {Promise<number>} its exit code; 128 + n when a signal ended it
 */
export function inForeground(command, args, { cwd, env } = {}) {
  const grouped = process.platform !== 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit', detached: grouped });
    const send = (pid, signal) => {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    };
    const endAll = () => send(grouped ? -child.pid : child.pid, 'SIGKILL');
    let asked = false;
    const pass = (signal) => {
      if (asked) return endAll();
      asked = true;
      send(child.pid, signal);
      setTimeout(endAll, GRACE_MS).unref();
    };
    for (const signal of SIGNALS) process.on(signal, pass);
    // npm puts a shell between itself and us that dies of a SIGTERM without passing it on.
    const parent = process.ppid;
    const orphaned = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(orphaned);
      pass('SIGTERM');
    }, LOOK_MS);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(orphaned);
      for (const name of SIGNALS) process.off(name, pass);
      if (grouped) endAll();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

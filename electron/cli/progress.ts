/** Progress on stderr: at most a line a second on a terminal's one line, none where nobody looks; stdout carries only answers. */
export function progress(what: string): { at(done: number, total?: number): void; done(summary: string): void } {
  const terminal = process.stderr.isTTY;
  let last = 0;
  return {
    at(done, total) {
      const now = performance.now();
      if (now - last < (terminal ? 100 : 2_000)) return;
      last = now;
      const share = total ? ` (${Math.floor((100 * done) / total)} %)` : '';
      process.stderr.write(`${terminal ? '\r' : ''}${what}: ${done.toLocaleString('en')}${share}${terminal ? '' : '\n'}`);
    },
    done(summary) {
      process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${what}: ${summary}\n`);
    },
  };
}

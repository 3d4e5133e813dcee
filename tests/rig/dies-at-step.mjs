// Preloaded into a process that is to be killed just before its DIE_AT-th rename or writing of a file, as a crash would.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

let left = Number(process.env['DIE_AT']);
for (const step of ['renameSync', 'writeFileSync']) {
  const real = fs[step];
  fs[step] = (...args) => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
    return real(...args);
  };
}
syncBuiltinESMExports();

const began = Date.now();
const interactive = process.stderr.isTTY === true;
let onLine = false;

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** One line of progress on stderr: stdout belongs to the command that is run. */
export function say(text) {
  if (onLine) process.stderr.write('\n');
  onLine = false;
  process.stderr.write(`vigil  ${text}\n`);
}

const SIGN_OF_LIFE_MS = 15_000;

/** Says what is begun, that it goes on, and when it is done how long it took. Errors pass through. */
export async function step(name, work) {
  const start = Date.now();
  const took = () => seconds(Date.now() - start);
  say(`${name} ...`);
  const alive = setInterval(() => say(`${name}: ${took()} so far`), SIGN_OF_LIFE_MS);
  try {
    const result = await work();
    say(`${name}: done in ${took()}`);
    return result;
  } finally {
    clearInterval(alive);
  }
}

const TENTH = 10;
let lastShown = -TENTH;

/** Share of a long step: redrawn in place on a terminal, at every tenth otherwise. */
export function share(name, done, all) {
  const percent = all > 0 ? Math.floor((done / all) * 100) : 0;
  if (percent < lastShown + (interactive ? 1 : TENTH) && percent >= lastShown) return;
  lastShown = percent;
  if (!interactive) return say(`${name} ${percent}%`);
  process.stderr.write(`\rvigil  ${name} ${percent}% `);
  onLine = true;
}

export const sinceStart = () => seconds(Date.now() - began);

/** A failure to say in plain words, with what to do about it. */
export class SetupError extends Error {}

const PLAIN_CODES = {
  ENOSPC: 'The disk is full. Make room and run the same command again.',
  EACCES: 'A file may not be written or read. Check who owns it and run the same command again.',
  EROFS: 'The disk is read-only.',
};

/** Ends a script on failure: plain words, no stack for what a person can put right, exit code 1. */
export function fail(error) {
  if (error instanceof SetupError) say(error.message);
  else if (error?.code in PLAIN_CODES) say(`${PLAIN_CODES[error.code]} (${error.path ?? error.message})`);
  else say(error?.stack ?? String(error));
  process.exitCode = 1;
}

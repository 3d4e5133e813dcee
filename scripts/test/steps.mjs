import { say } from '../setup/say.mjs';

const seconds = (ms) => `${(ms / 1000).toFixed(0)} s`;

/**
 * Runs named steps one after the other, all of them whatever fails, and ends with the sum over all.
 * @param {[name: string, run: () => Promise<{ passed: number, failed: number }>][]} steps
 * @returns {Promise<boolean>} whether all passed and there was something to pass
 */
export async function runSteps(steps) {
  const done = [];
  for (const [name, run] of steps) {
    say(`---- ${name}`);
    const start = Date.now();
    const result = await run().catch((error) => (say(error.message), { passed: 0, failed: 1 }));
    done.push({ name, took: seconds(Date.now() - start), ...result });
  }
  say('----');
  for (const { name, took, passed, failed } of done) say(`${name.padEnd(14)} ${passed} passed, ${failed} failed  (${took})`);
  const sum = (key) => done.reduce((total, result) => total + result[key], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return sum('failed') === 0 && sum('passed') > 0;
}

import fc from 'fast-check';

/**
 * One seed for all property tests, so that the same code gives the same answer wherever it is tested.
 * `VIGIL_SEED=random npm test` explores; a failure prints the seed to give here (`VIGIL_SEED=123`).
 */
const FIXED = 20_260_114;
const asked = process.env['VIGIL_SEED'];
if (asked !== 'random') fc.configureGlobal({ seed: asked ? Number(asked) : FIXED });

import { expect, test } from 'vitest';
import { Decoder } from '#core/ingest/decode.ts';
import { rawMessage } from '#core/ingest/message.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { MUTATION_CLASSES, PERSONAL, mutated } from '../../fixtures/mutations.ts';
import { Random } from '../../fixtures/random.ts';
import { temporaryDir } from '../../fixtures/stores.ts';
import { fuzzRun } from '../../rig/fuzz-run.ts';
import { seed } from '../../setup.ts';

test(`given events mutated in every way (seed ${seed}), when they come in batches, then all are accounted for and what was taken rebuilds to one state`, () => {
  const { classes, hash, rebuilt, polluted } = fuzzRun({ dataDir: temporaryDir(), batches: 4, batch: 2_000, seed });
  expect(rebuilt).toBe(hash);
  expect(polluted).toBe(false);
  for (const name of MUTATION_CLASSES) expect(classes[name]!.sent, name).toBeGreaterThan(100);
  // A generator of nothing but rubbish, or of nothing but good events, would prove little.
  expect(classes['unchanged']).toMatchObject({ taken: classes['unchanged']!.sent });
  for (const name of MUTATION_CLASSES.filter((other) => other !== 'unchanged')) expect(classes[name]!.taken, name).toBeLessThan(classes[name]!.sent);
});

test(`given mutated events (seed ${seed}), when they are decoded, then nothing personal passes outside its fields and no reason tells any`, () => {
  const decoder = new Decoder(DEFAULT_SITE, loadSiteKey(DEFAULT_SITE));
  const random = new Random(seed);
  for (let i = 0; i < 5_000; i++) {
    const { class: name, payload } = mutated(random, i, Date.UTC(2026, 0, 14));
    const decoded = decoder.decode(rawMessage({ payload, received: 0 }));
    expect(JSON.stringify(decoded.ok ? decoded.accepted.event : decoded.rejection), `message ${i}, ${name}: ${Buffer.from(payload).toString().slice(0, 2_000)}`).not.toContain(PERSONAL);
  }
});

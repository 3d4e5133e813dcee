import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Json } from '#shared/json.ts';
import type { CommandResult } from '#shared/link/messages.ts';
import { usePatientLook } from '../../../renderer/access/patient-look.ts';
import { useCommands } from '../../../renderer/stores/commands.ts';
import { useSession } from '../../../renderer/stores/session.ts';

const NAME = 'Quillfeather';
const MINUTE = 60_000;

/** What the core answers, by command; one may be kept waiting. */
let answers: Record<string, () => Promise<CommandResult>>;
const told = (value: Json): Promise<CommandResult> => Promise.resolve({ ok: true, value });

beforeEach(async () => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  answers = {
    createSession: () => told({ kind: 'user', name: 'lee', roles: ['shift-lead'], permissions: ['patients.read'], session: { method: 'password', ends: Date.now() + 720 * MINUTE, idleMs: 30 * MINUTE, glassUntil: null } }),
    getPatientInBed: () => told({ pseudonym: 'p', facts: { 'patient.name': NAME } }),
  };
  useCommands().connect({ command: (name) => (answers[name] ?? (() => told(null)))() });
  await useSession().signIn({ name: 'lee', password: 'x' });
});
afterEach(() => vi.useRealTimers());

test('given a look, then the patient is shown for half a minute and is gone from the page after it', async () => {
  const look = usePatientLook();
  await look.show('4E', '1');
  expect(look.facts).toEqual({ 'patient.name': NAME });
  vi.advanceTimersByTime(29_000);
  expect(look.facts).toBeDefined();
  vi.advanceTimersByTime(2_000);
  expect(JSON.stringify(look.$state)).not.toContain(NAME);
});

test('given a look of one who broke the glass, when seconds pass, then the patient is shown until the time is over', async () => {
  const glassUntil = Date.now() + 60 * MINUTE;
  answers['createSession'] = () => told({ kind: 'user', name: 'lee', roles: ['operator'], permissions: ['patients.read'], session: { method: 'password', ends: Date.now() + 720 * MINUTE, idleMs: 30 * MINUTE, glassUntil } });
  await useSession().signIn({ name: 'lee', password: 'x' });
  const look = usePatientLook();
  await look.show('4E', '1');
  vi.advanceTimersByTime(20_000);
  expect(look.facts).toEqual({ 'patient.name': NAME });
});

test('given a look, when they sign out, then it is over', async () => {
  const look = usePatientLook();
  await look.show('4E', '1');
  void useSession().signOut();
  expect(JSON.stringify(look.$state)).not.toContain(NAME);
});

test('given that the answer comes late, after it was hidden or another bed was asked for, then it is not taken', async () => {
  const look = usePatientLook();
  let late: (result: CommandResult) => void = () => undefined;
  answers['getPatientInBed'] = () => new Promise((resolve) => (late = resolve));
  const first = look.show('4E', '1');
  look.hide();
  late({ ok: true, value: { pseudonym: 'p', facts: { 'patient.name': NAME } } });
  await first;
  expect([look.facts, look.busy]).toEqual([undefined, false]);
  const second = look.show('4E', '1');
  const lateSecond = late;
  answers['getPatientInBed'] = () => told({ pseudonym: 'q', facts: { 'patient.name': 'Other' } });
  await look.show('4E', '2');
  lateSecond({ ok: true, value: { pseudonym: 'p', facts: { 'patient.name': NAME } } });
  await second;
  expect(look.facts).toEqual({ 'patient.name': 'Other' });
});

test('given a refusal, then its words are shown and nobody is', async () => {
  answers['getPatientInBed'] = () => Promise.resolve({ ok: false, error: { code: '404', message: 'Nobody is known to lie in 4E/1 now.' } });
  const look = usePatientLook();
  await look.show('4E', '1');
  expect([look.facts, look.refusal]).toEqual([undefined, 'Nobody is known to lie in 4E/1 now.']);
});

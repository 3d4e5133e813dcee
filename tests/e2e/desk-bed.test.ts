import { beforeAll, describe, expect, test } from 'vitest';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { polled, useDesk } from '../rig/desk.ts';

const PATIENT = { id: 'MRN-4711', name: 'Quillfeather, Eva' };

const desk = useDesk();
const { open, picture, session, dialog, signIn, everything } = desk;

describe('a bed of the floor plan', () => {
  const bed = () => desk.page.getByRole('button', { name: 'Bed 1 of MICU', exact: true });
  const panel = () => desk.page.locator('[data-bed-panel]');
  const trail = async () => ((await (await desk.here.ask('GET', '/audit?limit=100')).json()) as { items: { action: string; actor: { name: string } }[] }).items.filter(({ action }) => action === 'getPatientInBed').map(({ actor }) => actor.name);

  beforeAll(async () => {
    const publisher = await Publisher.connect(desk.here.broker);
    const event = envelope('adt.admitted', Date.now() - 60_000, { encounter: 'E-1', patient: PATIENT, location: { unit: 'MICU', unitKind: 'icu', bed: '1' } });
    await new Promise<void>((resolve) => void publisher.publish(topicOf(event)!, JSON.stringify(event), resolve));
    await publisher.close();
  });

  test('given a wall, then no bed can be pressed', async () => {
    await open('#/floorplan/critical-care');
    await desk.page.locator('canvas').first().waitFor();
    expect(await bed().count()).toBe(0);
  });

  test('given a desk where nobody has signed in, when a bed is pressed, then its facts are shown and nobody who lies there', async () => {
    await open('#/floorplan/critical-care?role=desk');
    await bed().click();
    await polled(() => panel().innerText()).toContain('occupied');
    expect(await panel().getByRole('button', { name: 'Show patient' }).count()).toBe(0);
    await desk.page.keyboard.press('Escape');
    await polled(() => panel().count()).toBe(0);
    expect(await bed().evaluate((button) => document.activeElement === button)).toBe(true);
    await desk.page.keyboard.press('ArrowRight');
    await desk.page.keyboard.press('Enter');
    await polled(() => panel().innerText()).toContain('MICU 2');
  });

  test('given a shift lead, when they look, then the patient is shown, the header says so, the trail holds it, and after half a minute nothing of it is left', async () => {
    await open('#/floorplan/critical-care?role=desk');
    await signIn('shea');
    await desk.page.clock.install();
    await bed().click();
    await panel().getByRole('button', { name: 'Show patient' }).click();
    await polled(() => panel().innerText()).toContain(PATIENT.name);
    expect(await desk.page.locator('header').innerText()).not.toContain('No PHI');
    await picture('bed-patient');
    expect(await trail()).toEqual(['shea']);
    await desk.page.clock.runFor(31_000);
    await polled(everything).not.toContain(PATIENT.name);
    expect(await desk.page.locator('header').innerText()).toContain('No PHI');
    await panel().getByRole('button', { name: 'Show patient' }).click();
    await polled(() => panel().innerText()).toContain(PATIENT.name);
    await session().click();
    await dialog().getByRole('button', { name: 'Sign out' }).click();
    await polled(everything).not.toContain(PATIENT.name);
  });

  test('given an operator, when they break the glass with a reason, then they see the patient, and the header counts down', async () => {
    await open('#/floorplan/critical-care?role=desk');
    await signIn('kim');
    await bed().click();
    await panel().getByRole('button', { name: 'See who patients are' }).click();
    await panel().getByLabel('Why must you').fill('somebody collapsed in MICU');
    await panel().getByRole('button', { name: 'Break the glass' }).click();
    await panel().getByRole('button', { name: 'Show patient' }).click();
    await polled(() => panel().innerText()).toContain(PATIENT.name);
    expect(await desk.page.locator('header').innerText()).toMatch(/Patients shown for 1[45]:\d\d/);
    await panel().getByRole('button', { name: 'Close' }).click();
    await polled(everything).not.toContain(PATIENT.name);
  });
});

import { describe, expect, test } from 'vitest';
import { BADGE, PASSWORD, PIN, polled, useDesk } from '../rig/desk.ts';
import { WHATEVER } from '../rig/station.ts';

const desk = useDesk();
const { open, picture, session, dialog, signIn, everything } = desk;

describe('signing in at a page', () => {
  test('given a wall, then nothing asks anybody to sign in', async () => {
    await open('#/overview');
    expect(await desk.page.getByRole('button', { name: 'Sign in' }).count()).toBe(0);
    await desk.page.goto(`${desk.here.wall}/#/settings?role=wall`);
    await polled(() => desk.page.locator('main').innerText()).toContain('at a desk');
  });

  test('given a desk, when a wrong password is written, then the core\'s words say so, and the right one signs in by keyboard alone', async () => {
    await open('#/overview?role=desk');
    await session().focus();
    await desk.page.keyboard.press('Enter');
    await polled(() => desk.page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('name');
    await desk.page.keyboard.type('ada');
    await desk.page.keyboard.press('Tab');
    await desk.page.keyboard.type('not this one');
    await picture('sign-in-desk');
    await desk.page.keyboard.press('Enter');
    await dialog().getByRole('alert').waitFor();
    expect(await dialog().getByRole('alert').innerText()).toMatch(/wrong/i);
    await dialog().getByLabel('Password').fill(PASSWORD);
    await desk.page.keyboard.press('Enter');
    await polled(() => session().innerText()).toBe('ada');
    expect(await everything()).not.toContain(PASSWORD);
    await session().click();
    await picture('session-desk');
    await dialog().getByRole('button', { name: 'Sign out' }).click();
    await polled(() => session().innerText()).toBe('Sign in');
  });

  test.each([
    ['badge', async () => { await desk.page.keyboard.type(BADGE); }, () => desk.page.keyboard.press('Enter')],
    ['PIN', async () => {
      await dialog().getByLabel('Name').fill('kim');
      for (const digit of PIN) await dialog().getByRole('button', { name: digit, exact: true }).click();
    }, () => dialog().getByRole('button', { name: 'Sign in' }).click()],
  ])('given a kiosk, when somebody signs in by %s, then a countdown shows the end of rest, and they may stay', async (way, write, send) => {
    await open('#/overview?role=kiosk');
    await desk.page.clock.install();
    await session().click();
    await write();
    await picture(`sign-in-kiosk-${way}`);
    await send();
    await polled(() => session().innerText()).toBe('kim');
    expect(await desk.page.locator('[data-countdown]').count()).toBe(0);
    await desk.page.clock.runFor(60_000);
    await polled(() => desk.page.locator('[data-countdown]').innerText()).toMatch(/Signs out in 0:\d\d/);
    await desk.page.getByRole('button', { name: 'Stay' }).click();
    await polled(() => desk.page.locator('[data-countdown]').count()).toBe(0);
    await desk.page.clock.runFor(110_000);
    await polled(() => session().innerText()).toBe('Sign in');
    expect(await desk.page.getByRole('alert').innerText()).toContain('nothing was done');
  });

  test('given that the core ended the session, when anything is asked, then the page signs out and says so', async () => {
    await open('#/settings');
    await signIn('kim');
    expect((await desk.here.ask('PUT', '/users/kim', { headers: WHATEVER, body: { disabled: true } })).status).toBe(200);
    await desk.here.ask('PUT', '/users/kim', { headers: WHATEVER, body: { disabled: false } });
    await session().click();
    await dialog().getByRole('button', { name: 'See who patients are' }).click();
    await dialog().getByLabel('Why must you').fill('somebody collapsed in front of 4E');
    await dialog().getByRole('button', { name: 'Break the glass' }).click();
    await polled(() => session().innerText()).toBe('Sign in');
    expect(await desk.page.getByRole('alert').first().innerText()).toContain('has ended');
  });
});

test('given somebody who signed in by password, when they change it, then the old one must be right, and the new one is what signs in', async () => {
  const [old, next] = [PASSWORD, 'other words of no worth'];
  expect((await desk.here.ask('POST', '/users', { body: { name: 'mo', roles: ['operator'], password: old } })).status).toBe(201);
  await open('#/overview?role=desk');
  await signIn('mo');
  await session().click();
  await dialog().getByRole('button', { name: 'Change password' }).click();
  const write = async (present: string) => {
    await dialog().getByLabel('Present password').fill(present);
    await dialog().getByLabel('New password, 15').fill(next);
    await dialog().getByLabel('New password once more').fill(next);
    await dialog().getByRole('button', { name: 'Change it' }).click();
  };
  await write('not this one');
  await polled(() => dialog().innerText()).toContain('old password is wrong');
  await write(old);
  await polled(() => dialog().innerText()).toContain('Your password is changed');
  expect(await everything()).not.toContain(next);
  const by = (password: string) => desk.here.ask('POST', '/session', { token: null, body: { by: { name: 'mo', password }, bearer: true } });
  expect([(await by(old)).status, (await by(next)).status]).toEqual([401, 201]);
});

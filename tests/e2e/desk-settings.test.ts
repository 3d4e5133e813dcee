import { describe, expect, test } from 'vitest';
import { PASSWORD, PIN, polled, useDesk } from '../rig/desk.ts';

const desk = useDesk();
const { open, picture, session, dialog, signIn, everything } = desk;

const row = (key: string) => desk.page.locator(`[data-setting="${key}"]`);

describe('the settings board', () => {
  test('given who may not read settings, then it says what that takes, and shows none', async () => {
    await open('#/settings');
    await polled(() => desk.page.locator('main').innerText()).toContain('Sign in');
    await signIn('kim');
    await polled(() => desk.page.locator('main').innerText()).toContain('config.read');
    expect(await desk.page.locator('[data-setting]').count()).toBe(0);
  });

  test('given an administrator, when they change a setting, then its faults, its diff and its version are shown, and it is in force', async () => {
    await open('#/settings');
    await signIn('ada');
    await desk.page.getByRole('button', { name: 'All settings instead' }).click();
    await row('title').waitFor();
    expect(await row('tenant').locator('input').isDisabled()).toBe(true);
    // Where most come from is said once; rows tell only where they differ.
    expect(await desk.page.locator('[data-usual]').allInnerTexts()).toEqual(['Those without a mark are as by default.']);
    expect(await desk.page.locator('[data-origin]').allInnerTexts()).toEqual(['fixed', 'fixed']);
    await picture('settings');
    await row('timezone').getByLabel('Time zone').fill('Europe/Nowhere');
    await polled(() => row('timezone').innerText()).toContain('no time zone');
    expect(await desk.page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await picture('settings-fault');
    await row('timezone').getByLabel('Time zone').fill('Europe/Berlin');
    await row('title').getByLabel('title').fill('Northgate General');
    await desk.page.locator('[data-change="/title"], [data-change]').first().waitFor();
    await polled(() => desk.page.locator('[data-change]').allInnerTexts()).toEqual([expect.stringContaining('Northgate General'), expect.stringContaining('Europe/Berlin')]);
    expect(await desk.page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await desk.page.getByLabel('Why').fill('the site gets its name');
    await picture('settings-review');
    await desk.page.getByRole('button', { name: 'Save' }).click();
    await polled(() => desk.page.locator('.review').innerText()).toContain('in force now');
    await polled(() => desk.page.locator('header').innerText()).toContain('Northgate General');
  });

  test('given units in rows, when one is written, then it is in the document', async () => {
    await open('#/settings');
    await signIn('ada');
    await desk.page.locator('[data-section="units"]').click();
    await row('units').getByRole('button', { name: 'Add a row' }).click();
    await desk.page.keyboard.type('4E');
    await row('units').getByLabel('name of row 1').fill('4E Cardiology');
    await row('units').getByLabel('kind of row 1').selectOption('ward');
    await row('units').getByLabel('beds of row 1').pressSequentially('01, 02, 03');
    await desk.page.getByLabel('Why').fill('the first ward');
    await picture('settings-units');
    await desk.page.getByRole('button', { name: 'Save' }).click();
    await polled(() => desk.page.locator('.review').innerText()).toContain('in force now');
    const { document } = (await (await desk.here.ask('GET', '/config')).json()) as { document: { units: unknown } };
    expect(document.units).toEqual([{ id: '4E', name: '4E Cardiology', kind: 'ward', beds: ['01', '02', '03'] }]);
  });

  test('given that somebody was first, when it is saved, then what they changed is shown, the edit stays, and it can be saved on top', async () => {
    await open('#/settings');
    await signIn('ada');
    await row('title').getByLabel('title').fill('Northgate East');
    const read = await desk.here.ask('GET', '/config');
    const { document } = (await read.json()) as { document: object };
    expect((await desk.here.ask('PUT', '/config', { body: { document: { ...document, timezone: 'UTC' }, why: 'first of two' }, headers: { 'if-match': read.headers.get('etag')! } })).status).toBe(200);
    await desk.page.getByLabel('Why').fill('second of two');
    await desk.page.getByRole('button', { name: 'Save' }).click();
    await polled(() => desk.page.locator('.meanwhile').innerText()).toMatch(/was first: first of two[\s\S]*Time zone/);
    await picture('settings-meanwhile');
    expect(await row('title').getByLabel('title').inputValue()).toBe('Northgate East');
    await desk.page.getByRole('button', { name: 'Save' }).click();
    await polled(() => desk.page.locator('.review').innerText()).toContain('in force now');
    expect(await (await desk.here.ask('GET', '/config')).json()).toMatchObject({ document: { title: 'Northgate East', timezone: 'UTC' } });
  });

  test('given changes, then the history tells who, when and why, what each did, and an earlier one can be put in force again', async () => {
    await open('#/settings');
    await signIn('ada');
    await desk.page.locator('[data-section="history"]').click();
    await desk.page.locator('[data-version="1"]').waitFor();
    expect(await desk.page.locator('[data-version="1"]').innerText()).toMatch(/ada[\s\S]*the site gets its name/);
    await desk.page.getByRole('button', { name: 'What version 2 changed' }).click();
    await polled(() => desk.page.locator('.diff').innerText()).toContain('4E Cardiology');
    await desk.page.getByLabel('Why should version 1').fill('the ward was a mistake');
    await picture('settings-history');
    await desk.page.getByRole('button', { name: 'Put version 1 in force' }).click();
    await polled(async () => ((await (await desk.here.ask('GET', '/config')).json()) as { document: unknown }).document).toMatchObject({ title: 'Northgate General', timezone: 'Europe/Berlin' });
    await polled(() => desk.page.locator('[data-version]').first().innerText()).toContain('the ward was a mistake');
  });

  test('given an account that another administrator changed meanwhile, when it is saved, then what they changed is shown, nothing of theirs is lost, and it can be saved on top', async () => {
    await open('#/settings');
    await signIn('ada');
    await desk.page.locator('[data-section="users"]').click();
    await desk.page.getByRole('button', { name: 'Change shea' }).click();
    const form = desk.page.locator('form').filter({ hasText: 'shea' });
    await form.getByRole('checkbox', { name: 'manager' }).check();
    await form.locator('[name="new-password"]').fill(`${PASSWORD} of shea`);
    const there = () => desk.here.ask('GET', '/users/shea');
    expect((await desk.here.ask('PUT', '/users/shea', { body: { disabled: true, pin: PIN }, headers: { 'if-match': (await there()).headers.get('etag')! } })).status).toBe(200);
    await form.getByRole('button', { name: 'Save' }).click();
    await polled(() => form.locator('.meanwhile').innerText()).toMatch(/Somebody else changed this account[\s\S]*Disabled[\s\S]*Signs in by[\s\S]*password, PIN/);
    await picture('settings-user-meanwhile');
    expect(await form.getByLabel('disabled').isChecked()).toBe(true);
    expect(await (await there()).json()).toMatchObject({ roles: ['shift-lead'], disabled: true });
    await form.getByLabel('disabled').uncheck();
    await form.getByRole('button', { name: 'Save' }).click();
    await polled(() => desk.page.locator('[data-user="shea"]').innerText()).toContain('manager');
    expect(await (await there()).json()).toMatchObject({ roles: ['shift-lead', 'manager'], disabled: false, pin: true });
    expect((await desk.here.ask('POST', '/session', { body: { by: { name: 'shea', password: `${PASSWORD} of shea` } }, token: null })).status).toBe(201);
    expect(await everything()).not.toContain(`${PASSWORD} of shea`);
  });

  test('given an administrator, when they make an account and a token, then the account works, the secret is shown once, and nothing of either stays', async () => {
    await open('#/settings');
    await signIn('ada');
    await desk.page.locator('[data-section="users"]').click();
    await desk.page.getByRole('button', { name: 'New account' }).click();
    await desk.page.getByLabel('Name for signing in').fill('lee');
    await desk.page.getByRole('checkbox', { name: 'shift-lead' }).check();
    await desk.page.locator('[name="new-password"]').fill('short');
    await polled(() => desk.page.locator('form').innerText()).toMatch(/15/);
    await desk.page.locator('[name="new-pin"]').fill('112233');
    await polled(() => desk.page.locator('form').innerText()).toContain('too easy to guess');
    await desk.page.locator('[name="new-pin"]').fill('');
    await desk.page.locator('[name="new-password"]').fill(`${PASSWORD} of lee`);
    await picture('settings-user');
    await desk.page.getByRole('button', { name: 'Make the account' }).click();
    await desk.page.locator('[data-user="lee"]').waitFor();
    expect(await everything()).not.toContain(`${PASSWORD} of lee`);
    expect((await desk.here.ask('POST', '/session', { body: { by: { name: 'lee', password: `${PASSWORD} of lee` } }, token: null })).status).toBe(201);
    await desk.page.locator('[data-section="tokens"]').click();
    await desk.page.getByRole('button', { name: 'New token' }).click();
    await desk.page.getByLabel('Name', { exact: true }).fill('warehouse');
    await desk.page.getByRole('checkbox', { name: 'exports.read' }).check();
    await desk.page.getByRole('button', { name: 'Make the token' }).click();
    const secret = await desk.page.locator('code').innerText();
    expect(secret).toMatch(/^vigil_token_/);
    await picture('settings-token');
    await session().click();
    await dialog().getByRole('button', { name: 'Sign out' }).click();
    await polled(() => desk.page.locator('main').innerText()).toContain('Sign in');
    expect(await everything()).not.toContain(secret);
    expect(await everything()).not.toContain('warehouse');
  });
});

import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { polled, useDesk } from '../rig/desk.ts';

const desk = useDesk();
const { open, picture, session, dialog, signIn } = desk;

/** A control of the dialog; its label holds the words of its choices too. */
const field = (name: string) => dialog().locator(`[name="export-${name}"]`);
const state = () => desk.page.locator('[data-export-state]').getAttribute('data-export-state');

test('given an administrator at a browser, when they export the accounts from where they are listed, then the browser saves every one, and the trail says who took them', async () => {
  await open('#/settings');
  await signIn('ada');
  await desk.page.getByRole('button', { name: 'All settings instead' }).click();
  await desk.page.locator('[data-section="users"]').click();
  const button = desk.page.getByRole('button', { name: 'Export: Accounts' });
  await button.click();
  expect(await field('list').inputValue()).toBe('users');
  expect(await field('from').count()).toBe(0);
  await field('format').selectOption('csv');
  await picture('export');
  const download = desk.page.waitForEvent('download');
  await dialog().getByRole('button', { name: 'Export', exact: true }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('vigil-users.csv');
  const rows = parse(readFileSync(await saved.path(), 'utf8'), { columns: true, bom: true }) as Record<string, string>[];
  expect(rows.map(({ name, roles }) => [name, roles])).toEqual([['ada', 'admin'], ['kim', 'operator'], ['shea', 'shift-lead']]);
  await polled(state).toBe('sent');
  await picture('export-sent');
  await desk.page.keyboard.press('Escape');
  await polled(() => dialog().count()).toBe(0);
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await (await desk.here.ask('GET', '/audit?action=exportUsers')).json()).toMatchObject({ items: [{ actor: { kind: 'user', name: 'ada' }, outcome: 'done', subject: { list: 'users', format: 'csv' } }] });
});

test('given a shift lead, when they choose a list, then those that they may see are offered; a span that ends before it begins is not taken; and a trend is named', async () => {
  await open('#/overview?role=desk');
  await signIn('shea');
  await session().click();
  await dialog().getByRole('button', { name: 'Export a list or trend' }).click();
  expect(await field('list').locator('option').allInnerTexts()).not.toContain('Accounts');
  await field('list').selectOption('series');
  await field('metric').selectOption('ed.census');
  await field('from').fill('2026-03-02T00:00');
  await field('to').fill('2026-03-01T00:00');
  await polled(() => dialog().innerText()).toContain('ends before it begins');
  expect(await dialog().getByRole('button', { name: 'Export', exact: true }).isDisabled()).toBe(true);
  await field('to').fill('2026-03-03T00:00');
  const download = desk.page.waitForEvent('download');
  await dialog().getByRole('button', { name: 'Export', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('vigil-ed.census-1h.xlsx');
  expect(await (await desk.here.ask('GET', '/audit?action=exportSeries')).json()).toMatchObject({ items: [{ actor: { name: 'shea' }, subject: { metric: 'ed.census', step: '1h', from: Date.parse('2026-03-02'), to: Date.parse('2026-03-03') } }] });
});

test('given an operator, a kiosk and a wall, then no export is offered', async () => {
  await open('#/overview?role=desk');
  await signIn('kim');
  await session().click();
  await dialog().getByRole('button', { name: 'Sign out' }).waitFor();
  expect(await desk.page.getByText('Export').count()).toBe(0);
  for (const role of ['kiosk', 'wall']) {
    await desk.page.close();
    await open(`#/overview?role=${role}`);
    expect(await desk.page.getByText('Export').count(), role).toBe(0);
  }
});

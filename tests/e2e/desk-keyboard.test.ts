import { expect, test } from 'vitest';
import { polled, useDesk } from '../rig/desk.ts';

const desk = useDesk();
const { open, signIn, session } = desk;
/** As the design language has it for desks, in px of the logical canvas. */
const TARGET = 36;

/** The landmark that has the focus, by what it is called. */
const landmark = () => desk.page.evaluate(() => document.activeElement?.closest('[data-landmark]')?.getAttribute('aria-label') ?? document.activeElement?.closest('[data-landmark]')?.tagName);

async function settings(section: string): Promise<void> {
  await signIn('ada');
  await desk.page.getByRole('button', { name: 'All settings instead' }).click();
  await desk.page.locator(`[data-section="${section}"]`).click();
}

test('given a desk, when F6 is pressed, then the focus goes from landmark to landmark, with Shift back to where it was', async () => {
  await open('#/settings');
  await settings('site');
  await desk.page.locator('[data-setting="title"] input').focus();
  await desk.page.keyboard.press('F6');
  expect(await landmark()).toBe('HEADER');
  await desk.page.keyboard.press('F6');
  expect(await landmark()).toBe('Sections of the settings');
  await desk.page.keyboard.press('F6');
  expect(await landmark()).toBe('Site');
  expect(await desk.page.evaluate(() => document.activeElement?.closest('[data-setting]')?.getAttribute('data-setting'))).toBe('title');
  await desk.page.keyboard.press('Shift+F6');
  expect(await landmark()).toBe('Sections of the settings');
});

test('given what has the focus by keyboard, then a ring of 2 px stands around it', async () => {
  await open('#/overview?role=desk');
  await session().waitFor();
  await desk.page.keyboard.press('F6');
  expect(await session().evaluate((button) => [document.activeElement === button, getComputedStyle(button).outlineStyle, getComputedStyle(button).outlineWidth, getComputedStyle(button).outlineOffset])).toEqual([true, 'solid', '2px', '2px']);
});

test('given the sections of the settings, then every target is as high as a desk needs, and has a name', async () => {
  await open('#/settings');
  await settings('site');
  for (const section of ['site', 'units', 'or', 'figures', 'history', 'users', 'tokens']) {
    await desk.page.locator(`[data-section="${section}"]`).click();
    for (const name of ['Add a row', 'New account', 'New token']) for (const button of await desk.page.getByRole('button', { name }).all()) await button.click();
    const faults = await desk.page.evaluate((least) => {
      const found: string[] = [];
      for (const element of document.querySelectorAll<HTMLInputElement>('button, a[href], select, textarea, input')) {
        const target = element.type === 'checkbox' ? (element.closest('label') ?? element) : element;
        const name = element.getAttribute('aria-label') ?? (element.labels?.length ? [...element.labels].map((label) => label.textContent).join(' ') : element.textContent);
        if (!name?.trim()) found.push(`nameless: ${element.outerHTML}`);
        if (target.getBoundingClientRect().height < least) found.push(`low: ${element.outerHTML}`);
      }
      return found;
    }, TARGET);
    expect(faults).toEqual([]);
  }
});

test('given a desk that is enlarged twice, then its type is, panes stand below each other, and nothing lies beside the window', async () => {
  const size = () => desk.page.locator('main h2').first().evaluate((heading) => (heading.getBoundingClientRect().height / (heading as HTMLElement).offsetHeight) * devicePixelRatio);
  await open('#/settings');
  await settings('site');
  const before = await size();
  await desk.page.close();
  await open('#/settings', { viewport: { width: 960, height: 540 }, deviceScaleFactor: 2 }, 1920);
  await settings('site');
  expect((await size()) / before).toBeCloseTo(2, 1);
  const boxes = await desk.page.evaluate(() => ['nav.sections', '.settings', '.review'].map((pane) => document.querySelector(pane)!.getBoundingClientRect()).map(({ top, bottom, right }) => ({ top, bottom, right })));
  expect(boxes[1]!.top).toBeGreaterThanOrEqual(boxes[0]!.bottom);
  expect(boxes[2]!.top).toBeGreaterThanOrEqual(boxes[1]!.bottom);
  expect(await desk.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(960);
  await desk.page.locator('.review').scrollIntoViewIfNeeded();
  await polled(() => desk.page.evaluate(() => scrollY + document.body.scrollTop)).toBeGreaterThan(0);
});

test('given who wants less motion, then nothing moves', async () => {
  await open('#/overview?role=desk', { reducedMotion: 'reduce' });
  await desk.page.evaluate(() => document.querySelector('main')!.insertAdjacentHTML('beforeend', '<i class="sev sev--crit" data-ack="false">!</i>'));
  expect(await desk.page.evaluate(() => [document.getAnimations().length, getComputedStyle(document.querySelector('.sev')!).outlineWidth])).toEqual([0, '3px']);
});

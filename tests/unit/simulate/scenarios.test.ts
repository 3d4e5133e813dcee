import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { Sent } from '#core/simulate/hospital/emitter.ts';
import type { Truth } from '#core/simulate/hospital/hospital.ts';
import { scenarioSchema } from '#core/simulate/hospital/scenario.ts';
import { HOUR, MINUTE } from '#core/simulate/hospital/time.ts';
import { demo } from './demo.ts';

// Days of a hospital are computed, on machines that do other things too.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const FOLDER = fileURLToPath(new URL('../../../resources/demo/scenarios', import.meta.url));
const read = (name: string) => scenarioSchema.parse(parse(readFileSync(`${FOLDER}/${name}.yaml`, 'utf8')));
/** Ten in the morning of the simulated day. */
const BEGIN_HOUR = 10;
const LASTS_HOURS = 12;

/** A day without and with the scenario, all else being equal: truths of each hour from its beginning, and what was sent since. */
function course(name?: string): { truths: Truth[]; sent: Sent[]; begin: number } {
  const midnight = demo().hospital.now;
  const begin = midnight + BEGIN_HOUR * HOUR;
  const { hospital, sent } = demo(name === undefined ? {} : { scenario: { of: read(name), begin } });
  hospital.run(begin);
  sent.length = 0;
  const truths = Array.from({ length: LASTS_HOURS }, () => {
    hospital.run(hospital.now + HOUR);
    return hospital.truth();
  });
  return { truths, sent, begin };
}

const most = (truths: readonly Truth[], of: (truth: Truth) => number) => Math.max(...truths.map(of));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Minutes between two events of one thing, for those that began and ended. */
function between(sent: readonly Sent[], from: string, to: string, key: (data: Record<string, unknown>) => string): number[] {
  const began = new Map<string, number>();
  return sent.flatMap(({ at, envelope: { type, data } }) => {
    if (type === from) began.set(key(data), at);
    const start = type === to ? began.get(key(data)) : undefined;
    return start === undefined ? [] : [(at - start) / MINUTE];
  });
}

const bed = (data: Record<string, unknown>) => `${String(data['unit'])}/${String(data['bed'])}`;
const inEd = ({ ed }: Truth) => ed.waiting + ed.treated + ed.boarding;
const count = (sent: readonly Sent[], type: string) => sent.filter(({ envelope }) => envelope.type === type).length;

describe('each scenario moves what it should', () => {
  let usual: ReturnType<typeof course>;
  beforeAll(() => {
    usual = course();
  });

  it('is tested, every one that is shipped', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(['analyser-outage.yaml', 'evs-shortage.yaml', 'feed-outage.yaml', 'mass-casualty.yaml', 'or-overrun.yaml', 'winter-surge.yaml']);
  });

  it('analyser outage: specimens wait for results, then are worked off', () => {
    const { truths } = course('analyser-outage');
    expect(most(truths, ({ labPending }) => labPending)).toBeGreaterThan(1.8 * most(usual.truths, ({ labPending }) => labPending));
    expect(truths.at(-1)!.labPending).toBeLessThan(1.3 * usual.truths.at(-1)!.labPending);
  });

  it('EVS shortage: beds wait longer to be clean', () => {
    const turnaround = ({ sent }: ReturnType<typeof course>) => mean(between(sent, 'bed.cleaning-requested', 'bed.cleaning-completed', bed));
    const short = course('evs-shortage');
    expect(turnaround(short)).toBeGreaterThan(1.5 * turnaround(usual));
    expect(most(short.truths, ({ dirtyOrCleaning }) => dirtyOrCleaning)).toBeGreaterThan(1.5 * most(usual.truths, ({ dirtyOrCleaning }) => dirtyOrCleaning));
  });

  it('mass casualties: the emergency department fills at once', () => {
    const { truths, sent } = course('mass-casualty');
    expect(truths.slice(0, 3).map(inEd).at(-1)!).toBeGreaterThan(usual.truths.slice(0, 3).map(inEd).at(-1)! + 25);
    expect(count(sent, 'ed.ambulance-arrived')).toBeGreaterThan(count(usual.sent, 'ed.ambulance-arrived') + 20);
  });

  it('winter surge: more arrivals, and a fuller department', () => {
    const { truths, sent } = course('winter-surge');
    expect(count(sent, 'ed.arrived')).toBeGreaterThan(1.15 * count(usual.sent, 'ed.arrived'));
    expect(mean(truths.map(inEd))).toBeGreaterThan(1.1 * mean(usual.truths.map(inEd)));
  });

  it('OR overrun: rooms are in use into the evening', () => {
    const { truths } = course('or-overrun');
    const evening = (all: readonly Truth[]) => mean(all.slice(7, 11).map(({ rooms }) => rooms.size));
    expect(evening(truths)).toBeGreaterThan(evening(usual.truths) + 1.5);
  });

  it('feed outage: the feed falls silent, and what it had to say comes late and whole', () => {
    const { sent, begin } = course('feed-outage');
    const ofBeds = (of: readonly Sent[]) => of.filter(({ envelope }) => envelope.source.includes('/bed/'));
    const silent = ofBeds(sent).filter(({ at }) => at > begin + 0.25 * HOUR && at < begin + 2.25 * HOUR);
    expect(silent).toEqual([]);
    const told = (of: readonly Sent[]) => ofBeds(of).map(({ envelope }) => envelope).filter(({ type }) => type !== 'source.heartbeat').map(({ id, sequence, ...rest }) => rest);
    expect(told(sent)).toEqual(told(usual.sent));
    expect(ofBeds(sent).some(({ at, envelope }) => at - Date.parse(envelope.time) > HOUR)).toBe(true);
  });

  it('does nothing before it begins, and the same with the same seed', () => {
    const until = demo().hospital.now + BEGIN_HOUR * HOUR - 1;
    const [plain, with_] = [demo(), demo({ scenario: { of: read('winter-surge'), begin: until + 1 } })];
    plain.hospital.run(until);
    with_.hospital.run(until);
    expect(with_.sent).toEqual(plain.sent);
  });
});

it('a scenario that names an unknown lever or feed is refused, naming the place', () => {
  const result = scenarioSchema.safeParse({ title: 'x', describes: 'x', changes: [{ set: { 'ed.arivals': 2 }, silence: ['lab'] }] });
  expect(result.error?.issues.map(({ path }) => path.join('.'))).toEqual(['changes.0.set', 'changes.0.silence.0']);
  expect(result.error?.issues[0]).toMatchObject({ code: 'unrecognized_keys', keys: ['ed.arivals'] });
});

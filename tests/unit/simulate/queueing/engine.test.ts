import { describe, expect, it } from 'vitest';
import type { Distribution } from '#core/simulate/distributions/distribution.ts';
import { mean, variance } from '#core/simulate/distributions/measures.ts';
import { expectTheory, intervals, meanStay, meanWait, shareLost, shareWaitingOver } from './queue.ts';
import { erlangB, limited, stayByPreemption, waitByPriority, waitMG1, waitMMc, waitsLonger } from './theory.ts';

const EXPONENTIAL: Distribution = { exponential: { mean: 1 } };
const LOADS = [0.3, 0.5, 0.7, 0.8, 0.9];
/** The busier, the longer one wait is felt: runs grow with the load. */
const customers = (load: number, servers = 1) => Math.round((2000 + 700 * (servers - 1) * (1 - load)) / (1 - load) ** 1.2 / 10) * 10;
/** Arrivals of three classes, a tenth, three tenths and the rest. */
const mixed = (load: number, servers: number) => [0.1, 0.3, 0.6].map((part) => part * load * servers);

describe('mean waits of the engine lie where queueing theory has them, within 99% confidence', () => {
  for (const servers of [1, 3, 14]) {
    for (const load of LOADS) {
      it(`M/M/${servers} at ${load}: mean wait, and the share that waits longer than usual`, () => {
        const rate = load * servers;
        const usual = 1 / (servers - rate);
        expectTheory(
          { arrivals: [rate], service: EXPONENTIAL, servers, customers: customers(load, servers) },
          [
            [meanWait(), waitMMc(rate, 1, servers)],
            [shareWaitingOver(0), waitsLonger(rate, 1, servers, 0)],
            [shareWaitingOver(usual), waitsLonger(rate, 1, servers, usual)],
          ],
          `mm${servers}/${load}`,
        );
      });
    }
  }

  const services: Record<string, Distribution> = {
    constant: { constant: 1 },
    'Erlang of 4 phases': { gamma: { mean: 1, shape: 4 } },
    lognormal: { lognormal: { median: Math.exp(-0.32), sigma: 0.8 } },
    'a table of quantiles': { quantiles: [[0, 0.2], [0.5, 0.7], [0.9, 1.8], [1, 3.25]] },
  };
  for (const [name, service] of Object.entries(services)) {
    for (const load of [0.3, 0.7, 0.9]) {
      it(`M/G/1 at ${load}, service ${name}`, () => {
        const rate = load / mean(service);
        expectTheory(
          { arrivals: [rate], service, servers: 1, customers: customers(load) },
          [[meanWait(), waitMG1(rate, mean(service), variance(service))]],
          `mg1/${name}/${load}`,
        );
      });
    }
  }

  for (const servers of [1, 3]) {
    for (const load of LOADS) {
      it(`three priorities, nobody interrupted, ${servers} server(s) at ${load}`, () => {
        const arrivals = mixed(load, servers);
        expectTheory(
          { arrivals, service: EXPONENTIAL, servers, customers: customers(load, servers) },
          waitByPriority(arrivals, 1, servers).map((wait, priority) => [meanWait(priority), wait] as const),
          `cobham${servers}/${load}`,
        );
      });
    }
  }

  for (const load of LOADS) {
    it(`three priorities, the less urgent interrupted and resumed, at ${load}`, () => {
      const arrivals = mixed(load, 1);
      expectTheory(
        { arrivals, service: EXPONENTIAL, servers: 1, discipline: 'preemptive-resume', customers: customers(load) },
        stayByPreemption(arrivals, 1).map((stay, priority) => [meanStay(priority), stay] as const),
        `preemptive/${load}`,
      );
    });
  }

  for (const load of [0.3, 0.6, 0.9]) {
    it(`losses without a queue (Erlang B), 10 servers at ${load}, whatever the service`, () => {
      for (const service of [EXPONENTIAL, { lognormal: { median: Math.exp(-0.32), sigma: 0.8 } }])
        expectTheory(
          { arrivals: [10 * load], service, servers: 10, capacity: 10, customers: 4000 },
          [[shareLost, erlangB(10, 10 * load)]],
          `erlang-b/${load}`,
        );
    });

    it(`a waiting room of 5 beside 3 servers (M/M/3/8) at ${load}`, () => {
      const { lost, wait } = limited(3 * load, 1, 3, 8);
      expectTheory(
        { arrivals: [3 * load], service: EXPONENTIAL, servers: 3, capacity: 8, customers: 6000 },
        [
          [shareLost, lost],
          [meanWait(), wait],
        ],
        `mm38/${load}`,
      );
    });
  }
});

describe('the intervals are narrow enough to tell', () => {
  it('one server fewer than there should be', () => {
    const [wait] = intervals({ arrivals: [9.8], service: EXPONENTIAL, servers: 13, customers: 6000 }, [meanWait()], 'off-by-one');
    expect(waitMMc(9.8, 1, 14)).toBeLessThan(wait!.low);
  });

  it('a service 10% longer than it should be', () => {
    const [wait] = intervals({ arrivals: [0.7], service: { exponential: { mean: 1.1 } }, servers: 1, customers: 8000 }, [meanWait()], 'slow');
    expect(waitMMc(0.7, 1, 1)).toBeLessThan(wait!.low);
  });
});

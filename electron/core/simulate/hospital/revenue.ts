import { choose, sample } from '../distributions/sample.ts';
import type { Random } from '../engine/random.ts';
import type { Process } from '../engine/simulation.ts';
import { DAY, HOUR } from './time.ts';
import { arrivals, chance, speaker, type World } from './world.ts';

/** Days of claims and revenue that were there before the simulation began: nine in ten claims are billed within 420. */
const CLAIM_DAYS = 420;
const REVENUE_DAYS = 90;
/** Of the claims of that time, those of which the billing system still speaks. */
const CLAIMS_KEPT = 0.015;
const BUCKET_SHARES = [0.46, 0.22, 0.13, 0.08, 0.11];
const DAYS_IN_RECEIVABLES = 44;

/** Claims from opening to payment, prior authorisations, receivables and revenue. */
export class Revenue {
  readonly #world: World;
  readonly #random: Random;
  readonly #speak: ReturnType<typeof speaker>;
  #gross = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random('revenue');
    this.#speak = speaker(world, 'rcm');
    const { simulation, parameters, calendar, volume } = world;
    const { outpatientClaimsPerDay } = parameters.revenue;
    const office = [0, 0, 0, 0, 0, 0, 0, 2, 8, 10, 10, 10, 7, 9, 10, 9, 7, 4, 1, 0, 0, 0, 0, 0];
    const perDay = () => outpatientClaimsPerDay * volume * (calendar.weekday(simulation.now) < 6 ? 1.3 : 0.25);
    simulation.start(arrivals(world, world.random('revenue/outpatients'), office, outpatientClaimsPerDay * volume * 1.4, perDay, () => this.open('Outpatient', 0.3)));
    const requests = () => (calendar.weekday(simulation.now) < 6 ? 84 : 12);
    simulation.start(arrivals(world, world.random('revenue/preauths'), office, 90, requests, () => simulation.start(this.#authorise())));
    simulation.start(this.#daily());
  }

  /** What the revenue systems say of the time before the simulation. */
  populate(): void {
    const { simulation, parameters, calendar } = this.#world;
    const usual = this.#usualGross();
    for (let day = REVENUE_DAYS; day >= 1; day--) this.#reportRevenue(calendar.dayStart(simulation.now - day * DAY + HOUR), usual * (0.85 + 0.3 * this.#random.next()));
    this.#reportReceivables();
    const perDay = (parameters.revenue.outpatientClaimsPerDay * 0.3 + 110) * CLAIMS_KEPT;
    for (let claim = 0; claim < perDay * CLAIM_DAYS; claim++) {
      const opened = simulation.now - this.#random.next() * CLAIM_DAYS * DAY;
      this.open(chance(0.4, this.#random) ? 'Inpatient' : 'Outpatient', 1, undefined, opened);
    }
  }

  /** Opens the claim of a visit or stay. `weight` scales its amount. */
  open(specialty: string, weight: number, encounter?: string, opened = this.#world.simulation.now): void {
    this.#world.simulation.start(this.#claim(specialty, weight, encounter, opened));
  }

  *#claim(specialty: string, weight: number, encounter: string | undefined, opened: number): Process {
    const { simulation, parameters, levers } = this.#world;
    const { revenue } = parameters;
    const { payer } = choose(revenue.payers, this.#random);
    const amount = Math.round(sample(revenue.amount, this.#random) * weight * 100) / 100;
    const claim = { claim: this.#world.number('CL'), ...(encounter === undefined ? {} : { encounter }), payer, specialty };
    let time = opened;
    const say = (status: string) => this.#speak('rcm.claim-status-changed', { ...claim, status, amount }, time);
    // Steps that lie before the simulation are told at once, with their own times.
    const after = (days: number): ((resume: () => void) => void) => (resume) => {
      time += days * DAY;
      if (time <= simulation.now) resume();
      else simulation.at(time, resume);
    };
    const step = (of: keyof typeof revenue.days) => after(Math.max(0.02, sample(revenue.days[of], this.#random)));
    if (opened === simulation.now) this.#gross += amount;
    say('opened');
    if (chance(revenue.deleted, this.#random)) {
      yield step('delete');
      say('deleted');
      return;
    }
    yield step('close');
    say('closed');
    yield after(0.2);
    say('released');
    yield step('code');
    if (chance(revenue.codingIncomplete, this.#random)) {
      say('coding-incomplete');
      yield after(1 + 2 * this.#random.next());
    }
    say('coded');
    if (chance(revenue.reopened, this.#random)) {
      yield step('reopen');
      say('reopened');
      yield step('code');
      say('coded');
    }
    yield step('bill');
    say('billed');
    if (chance(revenue.invoiceCancelled, this.#random)) {
      yield step('cancelInvoice');
      say('invoice-cancelled');
      yield step('billAgain');
      say('billed');
    }
    yield after(0.5);
    if (chance(revenue.rejected, this.#random)) {
      say('rejected');
      yield after(1.5);
      say('billed');
      yield after(0.5);
    }
    say('accepted');
    yield step('answer');
    if (chance(Math.min(1, revenue.denied * levers.get('revenue.denials')), this.#random)) {
      say('denied');
      const denial = { denial: this.#world.number('D'), claim: claim.claim, payer, amount, reason: ['CO-197', 'CO-16', 'CO-50', 'CO-29'][Math.floor(this.#random.next() * 4)]! };
      const tell = (status: string) => this.#speak('rcm.denial-status-changed', { ...denial, status }, time);
      tell('received');
      yield after(2 + 5 * this.#random.next());
      tell('appealed');
      yield step('appeal');
      if (!chance(revenue.overturned, this.#random)) {
        tell('upheld');
        yield after(3);
        tell('written-off');
        return;
      }
      tell('overturned');
    }
    yield step('pay');
    say('paid');
  }

  *#authorise(): Process {
    const { simulation, parameters } = this.#world;
    const { revenue } = parameters;
    const { payer } = choose(revenue.payers, this.#random);
    const urgent = chance(0.15, this.#random);
    const preauth = { preauth: this.#world.number('PA'), payer, urgent };
    const hours = sample(revenue.preauthHours, this.#random) * (urgent ? 0.35 : 1);
    this.#speak('rcm.preauth-status-changed', { ...preauth, status: 'requested' });
    if (chance(0.25, this.#random)) {
      yield simulation.wait(hours * 0.4 * HOUR);
      this.#speak('rcm.preauth-status-changed', { ...preauth, status: 'pended' });
      yield simulation.wait(hours * 0.6 * HOUR);
    } else yield simulation.wait(hours * HOUR);
    this.#speak('rcm.preauth-status-changed', { ...preauth, status: chance(revenue.preauthDenied, this.#random) ? 'denied' : 'approved' });
  }

  *#daily(): Process {
    const { simulation, calendar } = this.#world;
    for (;;) {
      yield simulation.wait(calendar.next(simulation.now, 5) - simulation.now);
      const yesterday = calendar.dayStart(calendar.dayStart(simulation.now) - HOUR);
      this.#reportRevenue(yesterday, this.#gross === 0 ? this.#usualGross() : this.#usualGross() * 0.5 + this.#gross * 0.5);
      this.#gross = 0;
      this.#reportReceivables();
    }
  }

  #usualGross(): number {
    return 612 * 9_000;
  }

  #reportRevenue(day: number, gross: number): void {
    const { parameters, calendar, simulation } = this.#world;
    const at = Math.min(simulation.now, day + DAY + 5 * HOUR);
    this.#speak('rcm.revenue-reported', { day: calendar.day(day + HOUR), grossRevenue: Math.round(gross), netRevenue: Math.round(gross * parameters.revenue.netShare) }, at);
  }

  #reportReceivables(): void {
    const { payers, netShare } = this.#world.parameters.revenue;
    const total = this.#usualGross() * netShare * DAYS_IN_RECEIVABLES;
    const weights = payers.reduce((sum, { share }) => sum + share, 0);
    for (const { payer, share } of payers) {
      const buckets = BUCKET_SHARES.map((part) => Math.round((total * part * share * (0.95 + 0.1 * this.#random.next())) / weights));
      const unbilled = Math.round((this.#usualGross() * 4.6 * share * (0.95 + 0.1 * this.#random.next())) / weights);
      this.#speak('rcm.ar-balance-reported', { payer, buckets, dischargedNotFinalBilledGross: unbilled });
    }
  }
}

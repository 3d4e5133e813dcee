import { Heap } from './heap.ts';
import type { Planned, Simulation, Wait } from './simulation.ts';

/**
 * `non-preemptive`: who is served stays. `preemptive-resume`: a more urgent one takes the place of the least urgent of
 * those who are being served for a time, who goes on later where it was interrupted.
 */
export type Discipline = 'non-preemptive' | 'preemptive-resume';

/** A place in the queue of a resource, then one of its servers. */
export interface Ticket {
  /** Lower is more urgent. */
  readonly priority: number;
  readonly order: number;
  /** Time it joined the queue. */
  readonly since: number;
  state: 'waiting' | 'served' | 'gone';
}

interface Job extends Ticket {
  readonly granted: (ticket: Ticket) => void;
  /** Service left, where the resource itself ends it. */
  remaining?: number;
  startedAt?: number;
  end?: Planned;
}

const moreUrgent = (a: Ticket, b: Ticket) => a.priority < b.priority || (a.priority === b.priority && a.order < b.order);

/** Equal servers with one queue: by priority, and in order of arrival within one. The number of servers may change. */
export class Resource {
  readonly #simulation: Simulation;
  readonly #discipline: Discipline;
  readonly #queue = new Heap<Job>(moreUrgent);
  readonly #served = new Set<Job>();
  #servers: number;
  #waiting = 0;
  #order = 0;

  constructor(simulation: Simulation, servers: number, discipline: Discipline = 'non-preemptive') {
    this.#simulation = simulation;
    this.#servers = servers;
    this.#discipline = discipline;
  }

  get servers(): number {
    return this.#servers;
  }

  /** Servers at work; more than `servers` while a reduction waits for those who are being served. */
  get busy(): number {
    return this.#served.size;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Asks for a server; `granted` is called, now or later, when there is one. It is held until `release`. */
  request(priority: number, granted: (ticket: Ticket) => void): Ticket {
    return this.#join({ priority, order: this.#order++, since: this.#simulation.now, state: 'waiting', granted });
  }

  /** Asks for a server for `duration`; `done` is called when all of it was given. */
  serve(priority: number, duration: number, done: () => void): Ticket {
    return this.#join({ priority, order: this.#order++, since: this.#simulation.now, state: 'waiting', granted: done, remaining: duration });
  }

  /** For processes: waits for a server; `held` is given the ticket to release it by. */
  seize(priority: number, held: (ticket: Ticket) => void): Wait {
    return (resume) =>
      void this.request(priority, (ticket) => {
        held(ticket);
        resume();
      });
  }

  /** For processes: waits for a server and for the service. */
  use(priority: number, duration: number): Wait {
    return (resume) => void this.serve(priority, duration, resume);
  }

  /** Gives a server back. Throws for a ticket that holds none. */
  release(ticket: Ticket): void {
    if (!this.#served.delete(ticket as Job)) throw new Error(`nothing to release: the ticket is ${ticket.state}`);
    ticket.state = 'gone';
    this.#admit();
  }

  /** Leaves the queue; false for one who does not wait in it. */
  withdraw(ticket: Ticket): boolean {
    if (ticket.state !== 'waiting') return false;
    ticket.state = 'gone';
    this.#waiting--;
    return true;
  }

  /** More servers take up work at once; fewer let those who are being served finish. */
  setServers(servers: number): void {
    this.#servers = servers;
    this.#admit();
  }

  #join(job: Job): Ticket {
    this.#enqueue(job);
    if (this.#served.size >= this.#servers && this.#discipline === 'preemptive-resume') this.#interruptFor(job);
    this.#admit();
    return job;
  }

  #enqueue(job: Job): void {
    job.state = 'waiting';
    this.#waiting++;
    this.#queue.push(job);
  }

  #admit(): void {
    while (this.#served.size < this.#servers) {
      const job = this.#queue.pop();
      if (!job) return;
      if (job.state !== 'waiting') continue;
      this.#waiting--;
      job.state = 'served';
      this.#served.add(job);
      if (job.remaining === undefined) job.granted(job);
      else this.#begin(job, job.remaining);
    }
  }

  #begin(job: Job, remaining: number): void {
    job.startedAt = this.#simulation.now;
    job.end = this.#simulation.after(remaining, () => {
      this.release(job);
      job.granted(job);
    });
  }

  #interruptFor(job: Job): void {
    let least: Job | undefined;
    for (const other of this.#served) {
      if (other.remaining !== undefined && other.priority > job.priority && (!least || moreUrgent(least, other))) least = other;
    }
    if (!least || this.#served.size > this.#servers) return;
    least.end!.cancelled = true;
    least.remaining! -= this.#simulation.now - least.startedAt!;
    this.#served.delete(least);
    this.#enqueue(least);
  }
}

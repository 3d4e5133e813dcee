import type { CommandResult } from '#shared/link/messages.ts';
import { Pace } from './pace.ts';

/** Where a page's commands are done. It remembers who has signed in at the page; the page holds no secret. */
export interface Desk {
  /** Never rejects. */
  run(name: string, args: unknown): Promise<CommandResult>;
  /** The page has gone: whoever had signed in is signed out. */
  close(): void;
}

/** Commands of one page at work at once. */
const MOST_AT_WORK = 8;
/** Commands of one page: somebody who works, and a page that is opened. */
const PER_SECOND = 20;
const AT_ONCE = 100;

const refused = (code: string, message: string): CommandResult => ({ ok: false, error: { code, message } });

/** The commands of one page. */
export class PageCommands {
  readonly #open: () => Desk | undefined;
  #desk: Desk | undefined;
  readonly #pace = new Pace(PER_SECOND, AT_ONCE);
  #atWork = 0;
  #closed = false;

  /** `open` gives undefined while the core is still starting. */
  constructor(open: () => Desk | undefined) {
    this.#open = open;
  }

  /** Resolves with undefined when the page has gone meanwhile. */
  async run(name: string, args: unknown): Promise<CommandResult | undefined> {
    const desk = (this.#desk ??= this.#open());
    if (!desk) return refused('starting', 'The core is still starting; try again in a moment.');
    if (this.#atWork >= MOST_AT_WORK) return refused('too-many', `A page may have ${MOST_AT_WORK} commands at work at once.`);
    if (!this.#pace.take()) return refused('too-many', `A page may give ${PER_SECOND} commands a second.`);
    this.#atWork++;
    const result = await desk.run(name, args);
    this.#atWork--;
    return this.#closed ? undefined : result;
  }

  close(): void {
    this.#closed = true;
    this.#desk?.close();
  }
}

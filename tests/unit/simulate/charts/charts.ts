import type { Envelope } from '#core/simulate/hospital/emitter.ts';

export type Data = Record<string, unknown>;
export type Place = { unit: string; unitKind?: string; bed?: string; room?: string };

export interface Stay {
  person: string;
  inEd: boolean;
  admitted: boolean;
  place?: Place | undefined;
  ventilated?: boolean;
  /** In an operating room now. */
  room?: string | undefined;
  /** On a scanner now. */
  scanner?: string | undefined;
  operatedAt?: number;
  said: Set<string>;
}

export interface Person {
  sex?: string;
  birthDate?: string;
}

/** What all who read the charts know: who is there, who was, and what has been found. */
export class Charts {
  /** When what is being read was said, epoch ms. */
  now = 0;
  /** By rule, what was seen that cannot be. */
  readonly found = new Map<string, string[]>();
  readonly stays = new Map<string, Stay>();
  readonly people = new Map<string, Person>();
  /** When who has left the house did, epoch ms, by person. */
  readonly leftAt = new Map<string, number>();
  readonly dead = new Set<string>();
  /** Beds of the site's units. */
  readonly known: ReadonlyMap<string, readonly string[]>;
  readonly #into: ReadonlyMap<string, string>;
  readonly #inHouse = new Map<string, string>();
  readonly #vacate: (encounter: string) => void;

  /** `into`: records and those that they are merged into; `vacate` is told who has left the house. */
  constructor(known: ReadonlyMap<string, readonly string[]>, into: ReadonlyMap<string, string>, vacate: (encounter: string) => void) {
    this.known = known;
    this.#into = into;
    this.#vacate = vacate;
  }

  /** Notes under a rule what was seen, where it does not hold. */
  rule(rule: string, holds: boolean, seen: unknown): void {
    const list = this.found.get(rule) ?? [];
    this.found.set(rule, list);
    if (!holds) list.push(`${new Date(this.now).toISOString()} ${JSON.stringify(seen)}`);
  }

  /** The record that a person's record was merged into at last. */
  one(person: string): string {
    let one = person;
    while (this.#into.has(one)) one = this.#into.get(one)!;
    return one;
  }

  /** The stay of somebody who comes, or is there already. */
  arrives(encounter: string, person: string, event: Envelope): Stay {
    const known = this.stays.get(encounter);
    if (known && (known.inEd || known.admitted)) return known;
    const one = this.one(person);
    const elsewhere = this.#inHouse.get(one);
    this.rule('nobody is in the house twice', elsewhere === undefined || elsewhere === encounter, { ...event, elsewhere });
    this.rule('the dead do not come back', !this.dead.has(one), event);
    this.#inHouse.set(one, encounter);
    const stay = known ?? { person, inEd: false, admitted: false, said: new Set<string>() };
    this.stays.set(encounter, stay);
    return stay;
  }

  /** Ends a stay that neither department holds on to. */
  leaves(encounter: string, stay: Stay): void {
    if (stay.inEd || stay.admitted) return;
    const one = this.one(stay.person);
    this.#inHouse.delete(one);
    this.leftAt.set(one, this.now);
    this.#vacate(encounter);
    stay.place = undefined;
  }

  here(event: Envelope, rule: string): Stay | undefined {
    const stay = this.stays.get(event.data['encounter'] as string);
    const here = stay !== undefined && (stay.inEd || stay.admitted);
    this.rule(rule, here, event);
    return here ? stay : undefined;
  }
}

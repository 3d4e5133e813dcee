import type { Random } from '../engine/random.ts';

const FAMILY = ['Ash', 'Birch', 'Cedar', 'Dale', 'Elm', 'Fern', 'Glade', 'Heath', 'Iris', 'Juniper', 'Knoll', 'Larch', 'Maple', 'North', 'Oak', 'Pine', 'Quarry', 'Ridge', 'Sorrel', 'Thorne', 'Vale', 'Willow', 'Yarrow'];
const GIVEN = ['Ada', 'Ben', 'Cleo', 'Dov', 'Enid', 'Finn', 'Greta', 'Hugo', 'Ines', 'Jon', 'Kira', 'Leo', 'Mara', 'Nils', 'Olga', 'Per', 'Runa', 'Sven', 'Tove', 'Ulf', 'Vera', 'Wim', 'Ylva', 'Zeno'];

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string;
  readonly sex: 'F' | 'M';
  readonly phone: string;
}

/** Who is looked for: anybody, unless narrowed. Ages are whole years, both inclusive. */
export interface Wanted {
  readonly sex?: Person['sex'] | undefined;
  readonly ages?: readonly [number, number] | undefined;
}

/** The house has no ward for children. */
const ADULTS = [18, 94] as const;

/** Invents people: no name, number or date is of anybody. */
export class People {
  readonly #random: Random;
  readonly #year: number;
  #count = 0;

  /** @param year calendar year of the beginning, from which ages count back */
  constructor(random: Random, year: number) {
    this.#random = random;
    this.#year = year;
  }

  invent({ sex, ages: [youngest, oldest] = ADULTS }: Wanted = {}): Person {
    const pick = (from: readonly string[]) => from[Math.floor(this.#random.next() * from.length)]!;
    // Born in the year before the one in which somebody so old may still have their birthday to come.
    const year = this.#year - 1 - youngest - Math.floor((oldest - youngest + 1) * this.#random.next());
    const day = 1 + Math.floor(this.#random.next() * 28);
    const month = 1 + Math.floor(this.#random.next() * 12);
    const two = (n: number) => String(n).padStart(2, '0');
    const name = `${pick(FAMILY)}, ${pick(GIVEN)}`;
    const either = this.#random.next() < 0.5 ? 'F' : 'M';
    return { id: this.#number(), name, birthDate: `${year}-${two(month)}-${two(day)}`, sex: sex ?? either, phone: `555-01${two(Math.floor(this.#random.next() * 100))}` };
  }

  /** Somebody who was here before, registered as if new. */
  anew(person: Person): Person {
    return { ...person, id: this.#number() };
  }

  #number(): string {
    return `DEMO-${++this.#count}`;
  }
}

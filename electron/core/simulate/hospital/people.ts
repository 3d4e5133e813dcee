import type { Random } from '../engine/random.ts';

const FAMILY = ['Ash', 'Birch', 'Cedar', 'Dale', 'Elm', 'Fern', 'Glade', 'Heath', 'Iris', 'Juniper', 'Knoll', 'Larch', 'Maple', 'North', 'Oak', 'Pine', 'Quarry', 'Ridge', 'Sorrel', 'Thorne', 'Vale', 'Willow', 'Yarrow'];
const GIVEN = ['Ada', 'Ben', 'Cleo', 'Dov', 'Enid', 'Finn', 'Greta', 'Hugo', 'Ines', 'Jon', 'Kira', 'Leo', 'Mara', 'Nils', 'Olga', 'Per', 'Runa', 'Sven', 'Tove', 'Ulf', 'Vera', 'Wim', 'Ylva', 'Zeno'];

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly phone: string;
}

/** Invents people: no name, number or date is of anybody. */
export class People {
  readonly #random: Random;
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  invent(): Person {
    const pick = (from: readonly string[]) => from[Math.floor(this.#random.next() * from.length)]!;
    const year = 1930 + Math.floor(88 * Math.sqrt(this.#random.next()));
    const day = 1 + Math.floor(this.#random.next() * 28);
    const month = 1 + Math.floor(this.#random.next() * 12);
    const two = (n: number) => String(n).padStart(2, '0');
    return {
      id: `DEMO-${++this.#count}`,
      name: `${pick(FAMILY)}, ${pick(GIVEN)}`,
      birthDate: `${year}-${two(month)}-${two(day)}`,
      sex: this.#random.next() < 0.5 ? 'F' : 'M',
      phone: `555-01${two(Math.floor(this.#random.next() * 100))}`,
    };
  }
}

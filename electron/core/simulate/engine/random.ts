/** A stream of random numbers that a seed fixes. */
export interface Random {
  /** Uniform on the open interval (0, 1), 52 bits. */
  next(): number;
  /** A stream of its own, independent of this one: how often one is asked changes nothing of the other. */
  stream(name: string | number): Random;
}

/** FNV-1a over the text, mixed by murmur3's finaliser; `salt` gives independent words of one text. */
function hash(text: string, salt: number): number {
  let h = (2166136261 ^ Math.imul(salt, 0x9e3779b9)) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const rotl = (x: number, k: number) => (x << k) | (x >>> (32 - k));

/** Two words as a number between 0 and 1, neither reached: of 53 bits and a half the highest would round to 1. */
export const fraction = (high: number, low: number): number => ((high >>> 6) * 67108864 + (low >>> 6) + 0.5) / 4503599627370496;

/** xoshiro128** 1.1 (Blackman and Vigna, 2018), seeded by name so that common random numbers can be kept between runs. */
class Xoshiro implements Random {
  readonly #name: string;
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(name: string) {
    this.#name = name;
    this.#a = hash(name, 1);
    this.#b = hash(name, 2);
    this.#c = hash(name, 3);
    // All zero would stay zero.
    this.#d = hash(name, 4) | 1;
  }

  next(): number {
    return fraction(this.#word(), this.#word());
  }

  stream(name: string | number): Random {
    return new Xoshiro(`${this.#name}/${name}`);
  }

  #word(): number {
    const result = Math.imul(rotl(Math.imul(this.#b, 5), 7), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotl(this.#d, 11);
    return result;
  }
}

/** The root of all streams of one seed. */
export const createRandom = (seed: string | number): Random => new Xoshiro(String(seed));

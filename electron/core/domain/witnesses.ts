interface Question<S> {
  readonly test: (state: S) => boolean;
  readonly basis: number;
  /** An entity that passed the test when it was last looked at; undefined while none does. */
  id: string | undefined;
}

/** As many questions as all boards ask; the one asked longest ago makes room. */
const MOST = 200;

/**
 * Whether any entity of one kind passes a test, without looking at all of them each time: one that does is remembered,
 * and while none does, each new state is asked.
 */
export class Witnesses<S> {
  readonly #questions = new Map<string, Question<S>>();
  readonly #table: ReadonlyMap<string, S>;

  constructor(table: ReadonlyMap<string, S>) {
    this.#table = table;
  }

  /** `name` stands for the test: the same name and `basis` must always come with the same one. */
  some(name: string, test: (state: S) => boolean, basis: number): boolean {
    let question = this.#questions.get(name);
    if (question?.basis !== basis) {
      if (!question && this.#questions.size >= MOST) this.#questions.delete(this.#questions.keys().next().value!);
      this.#questions.set(name, (question = { test, basis, id: this.#find(test) }));
    } else if (question.id !== undefined) {
      const witness = this.#table.get(question.id);
      if (witness === undefined || !test(witness)) question.id = this.#find(test);
    }
    return question.id !== undefined;
  }

  put(id: string, state: S): void {
    for (const question of this.#questions.values()) if (question.id === undefined && question.test(state)) question.id = id;
  }

  #find(test: (state: S) => boolean): string | undefined {
    for (const [id, state] of this.#table) if (test(state)) return id;
    return undefined;
  }
}

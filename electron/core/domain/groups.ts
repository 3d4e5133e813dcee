/** Ids by what they have in common. A group without members is gone. */
export class Groups {
  readonly #members = new Map<string, Set<string>>();

  of(key: string): ReadonlySet<string> {
    return this.#members.get(key) ?? NOBODY;
  }

  has(key: string): boolean {
    return this.#members.has(key);
  }

  keys(): Iterable<string> {
    return this.#members.keys();
  }

  add(key: string, id: string): void {
    const members = this.#members.get(key);
    if (members) members.add(id);
    else this.#members.set(key, new Set([id]));
  }

  drop(key: string, id: string): void {
    const members = this.#members.get(key);
    if (members?.delete(id) && members.size === 0) this.#members.delete(key);
  }
}

const NOBODY: ReadonlySet<string> = new Set();

/** Keys kept; beyond this all are forgotten. */
const MOST = 4096;

/** What was read and showed nothing, by some key: libraries come with every page. */
export class Plain {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    if (this.#keys.size >= MOST) this.#keys.clear();
    this.#keys.add(key);
  }
}

// Verdicts on modules, kept until the browser ends: a site's next page need not read the same bytes again. Each site has its
// own, so that none can speak for another; private windows have none.
import { browser } from "../shared/browser";
import type { Verdict } from "../shared/messages";

const KNOWN = "known:";
/** Verdicts kept; beyond this all are forgotten. */
const MOST = 512;
/** Characters of a verdict that is kept, as it is written. */
const LONGEST = 16 * 1024;

export class Known {
  readonly #verdicts = new Map<string, Verdict>();

  /** Takes in what was written in this session. */
  restore(saved: Readonly<Record<string, unknown>>): void {
    for (const [key, verdict] of Object.entries(saved)) {
      // Whoever uses it checks its shape.
      if (key.startsWith(KNOWN)) this.#verdicts.set(key, verdict as Verdict);
    }
  }

  of(site: string, digest: string): Verdict | undefined {
    return this.#verdicts.get(keyOf(site, digest));
  }

  async keep(site: string, digest: string, verdict: Verdict): Promise<void> {
    const key = keyOf(site, digest);
    if (this.#verdicts.has(key) || JSON.stringify(verdict).length > LONGEST) return;
    if (this.#verdicts.size >= MOST) await this.#forget();
    this.#verdicts.set(key, verdict);
    await browser.storage.session.set({ [key]: verdict });
  }

  #forget(): Promise<void> {
    const keys = [...this.#verdicts.keys()];
    this.#verdicts.clear();
    return browser.storage.session.remove(keys);
  }
}

const keyOf = (site: string, digest: string): string => `${KNOWN}${site} ${digest}`;

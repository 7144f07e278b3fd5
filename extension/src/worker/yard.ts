// Workers that this worker starts: they carry the same prelude, and the page watches them by a port of their own.
import { OwnMap, own, sourceOf } from "../page/own";
import type { Kit } from "../page/question";
import type { Yard } from "../page/workers/yard";
import type { Port } from "./port";

/** The shortest module. */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

export function nestedYard(port: Port): Yard {
  let kit: Kit | undefined;
  let last = 0;
  const ends = new OwnMap<number, () => void>();
  port.whenEnded((key) => ends.get(key)?.());
  return {
    kit() {
      kit ??= {
        prelude: `(${sourceOf(davyPrelude as () => void)})("${davyWasm}")`,
        file: undefined,
        setting: davyConfig.setting,
        compiles: compiles(),
      };
      return kit;
    },
    adopt(given, name, script, end) {
      last += 1;
      const key = last;
      ends.set(key, end);
      port.tell({ say: "nested", key, name, port: given, script }, [given]);
      return () => {
        ends.delete(key);
        port.tell({ say: "ended", key });
      };
    },
    // No worker can register what would need this.
    admit: (_script, then) => then({ pass: true, bytes: undefined }),
    // Whoever watches this worker cannot reach what it makes addresses for.
    starts: () => undefined,
    unwatched: (detail) => port.tell({ say: "unwatched", reason: "worker", detail }),
  };
}

function compiles(): boolean {
  try {
    return new own.Module(EMPTY) !== undefined;
  } catch {
    return false;
  }
}

// What the text around the bundled prelude binds; see content/desk.ts.
import type { WorkerConfig } from "../page/workers/words";

declare global {
  /** The analyser, in base64. */
  const davyWasm: string;
  /** What this worker is. */
  const davyConfig: WorkerConfig;
  /** The function whose text is the whole prelude. */
  const davyPrelude: CallableFunction;
}

// What the text around the bundled prelude binds (content/desk.ts), and what a worklet has beyond other realms.
import type { WorkletConfig } from "../page/worklets";

declare global {
  /** What this worklet is. */
  const davyWorklet: WorkletConfig;
  /** Only where sound is made. */
  const AudioWorkletProcessor: (new () => { readonly port: MessagePort }) | undefined;
  const registerProcessor: (name: string, processor: new () => object) => void;
}

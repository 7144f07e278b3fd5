// The bytes of what a page hands to WebAssembly, in a copy that nobody else can change.
import type { Pass } from "./judge";
import { own, typedBuffer, typedLength, typedName, typedOffset, viewBuffer, viewLength, viewOffset } from "./language";

/**
 * What takes the place of a module that must not run: bytes that are none, so that the browser itself raises the error of a
 * broken module, in the words of the function that was called.
 */
export const BROKEN: Uint8Array<ArrayBuffer> = new own.Uint8Array(9);

/** Bytes that nobody else can change, and the form in which a native function gets them. */
export interface Copy {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What stands for these bytes, or for the broken module, in a call. */
  readonly give: (pass: Pass) => unknown;
}

/**
 * A copy of an ArrayBuffer, shared buffer or view, of its first `most` bytes; undefined for everything that is none, which
 * natives refuse.
 */
export function privateCopy(source: unknown, most?: number): Copy | undefined {
  const whole = viewOf(source);
  if (whole === undefined) return undefined;
  const isLong = most !== undefined && typedLength(whole) > most;
  const view = isLong ? new own.Uint8Array(typedBuffer(whole), typedOffset(whole), most) : whole;
  const bytes = copyOf(view);
  // Chromium refuses a DataView; whether it is refused stays its decision.
  const isDataView = own.isView(source) && typedName(source) === undefined;
  const form = isDataView ? (given: Uint8Array<ArrayBuffer>) => new own.DataView(typedBuffer(given)) : same;
  return { bytes, give: (pass) => form(pass === false ? BROKEN : bytes) };
}

const same = (bytes: Uint8Array<ArrayBuffer>): unknown => bytes;

function copyOf(view: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return new own.Uint8Array(view);
  } catch {
    // No memory for the copy: what cannot be read must not run.
    return BROKEN;
  }
}

/** Whether it is an ArrayBuffer, a shared buffer or a view. */
export const isBuffer = (source: unknown): boolean => viewOf(source) !== undefined;

function viewOf(source: unknown): Uint8Array | undefined {
  try {
    if (typedName(source) !== undefined) {
      const typed = source as Uint8Array;
      return new own.Uint8Array(typedBuffer(typed), typedOffset(typed), typedLength(typed));
    }
    // A DataView accepts buffers of either kind and nothing else, and runs no code of the page to find out.
    const view = own.isView(source) ? (source as DataView) : new own.DataView(source as ArrayBuffer);
    return new own.Uint8Array(viewBuffer(view), viewOffset(view), viewLength(view));
  } catch {
    return undefined;
  }
}

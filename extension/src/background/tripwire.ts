// The tripwire: a policy that only reports stands on every script, where it matters to workers alone. Its reports go to an
// address that nobody has and that the browser is kept from asking; on their way they are read here.
import { browser } from "../shared/browser";
import type { Trip } from "./engine";
import type { Fields } from "./receive";

/** As the rules of the tripwire have it. */
const REPORTS = "https://davy-tripwire.invalid/*";
/** A longer report is none. */
const LONGEST = 16 * 1024;
/** Texts of a report are cut to this. */
const TEXT = 4096;

/** Calls `tell` with every report. */
export function watchTripwire(tell: (trip: Trip) => void): void {
  browser.webRequest.onBeforeRequest.addListener(
    ({ tabId, requestBody }) => {
      const trip = tripOf(requestBody?.raw?.[0]?.bytes, tabId);
      if (trip !== undefined) tell(trip);
      return undefined;
    },
    { urls: [REPORTS], types: ["csp_report"] },
    ["requestBody"],
  );
}

function tripOf(bytes: ArrayBuffer | undefined, tabId: number): Trip | undefined {
  if (bytes === undefined || bytes.byteLength > LONGEST) return undefined;
  try {
    const { "csp-report": report } = JSON.parse(new TextDecoder().decode(bytes)) as { "csp-report"?: Fields };
    const text = (name: string) => {
      const value = report?.[name];
      return typeof value === "string" ? value.slice(0, TEXT) : "";
    };
    const tab = tabId < 0 ? undefined : tabId;
    return { tab, document: text("document-uri"), source: text("source-file"), blocked: text("blocked-uri") };
  } catch {
    return undefined;
  }
}

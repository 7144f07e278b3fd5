// `--keep`: a browser with Davy stays open on the page until the person closes it or presses Ctrl-C.
import { once } from "node:events";
import { Browser } from "../lib/chromium.ts";

export async function keepOpen(address: string): Promise<void> {
  const headed = process.env["DISPLAY"] !== undefined || process.env["WAYLAND_DISPLAY"] !== undefined;
  const browser = await Browser.open({ davy: true, headed, handlesSignals: true });
  const page = await browser.page();
  await page.goto(address);
  console.log(`demo: Chromium with Davy ${headed ? "is open" : "runs headless, without a display,"} on ${address}`);
  console.log("demo: close it or press Ctrl-C to end");
  await Promise.race([
    new Promise((closed) => browser.context.once("close", closed)),
    once(process, "SIGINT"),
    once(process, "SIGTERM"),
  ]);
  await browser.close();
}

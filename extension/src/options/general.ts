// The settings themselves: one control each, locked where an administrator has set it.

import { byId, tell } from "../shared/dom";
import { KEYS, type Key, ONLY_POLICY, SETTINGS, type SourcedSettings } from "../shared/settings";
import { say } from "../shared/words";
import { ask, show } from "./options";

const radios = () => document.querySelectorAll<HTMLInputElement>('input[name="mode"]');
const switches = () => document.querySelectorAll<HTMLInputElement>("[data-switch]");
const amounts = () => document.querySelectorAll<HTMLInputElement>("[data-amount]");

/** Shows what is in force and who has set it. */
export function showGeneral(settings: SourcedSettings): void {
  const locked = (key: Key): boolean => settings[key].from === "policy";
  for (const radio of radios()) {
    radio.checked = radio.value === settings.mode.value;
    radio.disabled = locked("mode");
  }
  for (const box of switches()) {
    const key = keyOf(box.dataset["switch"]);
    box.checked = settings[key].value === true;
    box.disabled = locked(key);
  }
  for (const input of amounts()) {
    const key = keyOf(input.dataset["amount"]);
    const entry = SETTINGS[key];
    if (entry.kind === "amount") [input.min, input.max] = [String(entry.least), String(entry.most)];
    input.value = String(settings[key].value);
    input.disabled = locked(key);
  }
  for (const note of document.querySelectorAll<HTMLElement>("[data-from]")) {
    tell(note, locked(keyOf(note.dataset["from"])) ? say("fromPolicy") : "");
  }
  byId("defaults", HTMLElement).hidden = !KEYS.some((key) => settings[key].from === "user");
}

/** Hands changes over. */
export function attendGeneral(): void {
  const set = async (key: Key, value?: unknown): Promise<void> => show(await ask({ kind: "set", key, value }));
  for (const radio of radios()) radio.addEventListener("change", () => void set("mode", radio.value));
  for (const box of switches()) {
    box.addEventListener("change", () => void set(keyOf(box.dataset["switch"]), box.checked));
  }
  for (const input of amounts()) {
    // What is out of bounds has its default again, as an empty field has.
    const value = (): unknown => (input.value !== "" && input.checkValidity() ? input.valueAsNumber : undefined);
    input.addEventListener("change", () => void set(keyOf(input.dataset["amount"]), value()));
  }
  byId("defaults", HTMLButtonElement).addEventListener("click", async () => {
    for (const key of KEYS) if (!ONLY_POLICY.includes(key)) await set(key);
  });
}

function keyOf(name: string | undefined): Key {
  const key = KEYS.find((known) => known === name);
  if (key === undefined) throw new TypeError(`options.html names no setting: ${name}`);
  return key;
}

// All workers of a page together: what each of them hears when their page is held, and when one watches a module.
import { setHeld } from "../brake";
import type { Channel } from "../channel";
import { OwnMap, own } from "../own";
import { eachShape, learnShape, whenWatched } from "../watched";
import type { Heard, Loads } from "./loads";
import type { FromWorker, ToWorker } from "./words";

/** All workers of a page: what is said to each of them. */
export class Crew {
  readonly #loads: Loads;
  readonly #members = new OwnMap<Heard, Member>();
  /** The address that is there as long as watched code is to pause. */
  #lease = "";

  constructor(channel: Channel, loads: Loads) {
    this.#loads = loads;
    channel.whenHeld((on) => this.#hold(on));
    channel.whenEnded((id) => {
      this.#members.each((member, heard) => {
        if (heard.id === id) member.end();
      });
    });
    whenWatched((shape, isNew) => {
      if (isNew) this.#shout({ say: "watch", shape });
    });
  }

  /** A worker joins, and hears what the others have. */
  join(name: string, script: string, member: Member, quiet: boolean): Heard {
    const heard = this.#loads.add(name, script, quiet);
    this.#members.set(heard, member);
    eachShape((shape) => member.say({ say: "watch", shape }));
    if (this.#lease !== "") member.say({ say: "hold", lease: this.#lease });
    return heard;
  }

  leave(worker: Heard): void {
    this.#members.delete(worker);
    this.#loads.remove(worker);
  }

  /** A worker tells of its load, of a pause, or of a watched module. */
  hear(worker: Heard, word: Extract<FromWorker, { readonly say: "load" | "held" | "watched" }>): void {
    if (word.say === "load") {
      worker.load(word.load);
      this.#loads.wake();
    } else if (word.say === "held") worker.held = word.held;
    else {
      worker.watched = true;
      if (learnShape(word.shape)) this.#shout({ say: "watch", shape: word.shape });
    }
  }

  #hold(on: boolean): void {
    setHeld(on);
    if (on === (this.#lease !== "")) return;
    if (on) this.#lease = own.createObjectURL(new own.Blob());
    else {
      own.revokeObjectURL(this.#lease);
      this.#lease = "";
    }
    this.#shout({ say: "hold", lease: this.#lease });
  }

  #shout(message: ToWorker): void {
    this.#members.each(({ say }) => say(message));
  }
}

/** How one worker is spoken to, and ended. */
interface Member {
  readonly say: (message: ToWorker) => void;
  readonly end: () => void;
}

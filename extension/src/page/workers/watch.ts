// The workers of a page: their private ports, and how busy they are.
import type { Channel } from "../channel";
import type { SocketPass } from "../judge";
import { listen, messageData, messagePorts, OwnMap, portSend, portStart } from "../own";
import type { Kit } from "../question";
import { newSocket } from "../tap";
import { whenRead } from "./blobs";
import { Crew } from "./crew";
import { Imports } from "./imports";
import { Loads } from "./loads";
import type { FromWorker, Go, ToWorker, Waiting } from "./words";
import type { Yard } from "./yard";

/** What a document's hooks need besides. */
export interface PageYard extends Yard {
  /** Counts the long tasks of a frame's document, whose hooks are this one's: `Observer` is of its realm, from before it came. */
  observe(Observer: typeof PerformanceObserver): void;
}

export function watchWorkers(channel: Channel): PageYard {
  const loads = new Loads((main, workers) => channel.tell({ kind: "busy", main, workers }));
  const crew = new Crew(channel, loads);
  const imports = new Imports(channel);
  let kit: Kit | undefined;
  return {
    kit() {
      kit ??= channel.kit("worker");
      return kit;
    },
    adopt: (port, name, script, end, quiet) => watch(port, name, script, end, { channel, crew, imports }, quiet),
    admit: (script, then) => admit(script, channel, then, () => undefined),
    starts: (url, apart) => channel.tell({ kind: "starts", url, apart }),
    unwatched: (detail) => channel.unwatched("worker", detail),
    observe: (Observer) => loads.observe(Observer),
  };
}

/** What all workers of a page have in common. */
interface Watching {
  readonly channel: Channel;
  readonly crew: Crew;
  readonly imports: Imports;
}

/** Watches one worker and those that it starts. Returns what ends that. */
function watch(
  port: MessagePort,
  name: string,
  script: Waiting | undefined,
  end: () => void,
  page: Watching,
  quiet = false,
): () => void {
  const { channel, crew, imports } = page;
  const say = (message: ToWorker) => portSend(port, message);
  const nested = new OwnMap<number, () => void>();
  const speak = speaker(channel, say);
  channel.whenHalted(() => say({ say: "halt" }));
  const member = {
    say,
    end() {
      end();
      gone();
    },
  };
  const worker = crew.join(name, script?.url ?? "", member, quiet);
  const gone = () => {
    crew.leave(worker);
    nested.each((leave) => leave());
  };
  const adopt = ({ key, name, script }: Extract<FromWorker, { readonly say: "nested" }>, theirs: MessagePort) => {
    const ended = () => say({ say: "end", key });
    nested.set(key, watch(theirs, name, script, ended, page));
  };
  listen(port, "message", (event) => {
    const heard = messageData(event as MessageEvent) as FromWorker;
    switch (heard.say) {
      case "load":
      case "held":
      case "watched":
        return crew.hear(worker, heard);
      case "bye":
        return gone();
      case "imports":
        return imports.read(heard.script, member.end);
      case "ended":
        return nested.get(heard.key)?.();
      case "nested":
        return adopt(heard, messagePorts(event as MessageEvent)[0] as MessagePort);
      case "message":
      case "closed":
        return speak(heard);
      case "shader":
        return channel.shader(heard.text, (fate) => say({ say: "shaded", id: heard.id, fate }));
      default:
        return hear(heard, channel, say);
    }
  });
  portStart(port);
  const goes = (go: Go) => say({ say: "go", pass: go.pass, bytes: go.bytes });
  if (script !== undefined) admit(script, channel, goes, member.end);
  return gone;
}

/** Has a script judged before it runs; `end` ends one that went unread and is found out later. */
function admit({ url, blob }: Waiting, channel: Channel, then: (go: Go) => void, end: () => void): void {
  let open = true;
  whenRead(blob, (bytes) =>
    channel.script(url, bytes, (go) => {
      if (open) then(go);
      else if (!go.pass) end();
      open = false;
    }),
  );
}

/** Judges what passes a worker's sockets, where it cannot do so itself. */
function speaker(channel: Channel, say: (message: ToWorker) => void) {
  const sockets = new OwnMap<number, number>();
  return (heard: Extract<FromWorker, { readonly say: "message" | "closed" }>) => {
    const theirs = heard.say === "message" ? heard.message.socket : heard.socket;
    const socket = sockets.get(theirs) ?? newSocket();
    if (heard.say === "closed") {
      channel.closed(socket);
      return sockets.delete(theirs);
    }
    sockets.set(theirs, socket);
    const spoken = (pass: SocketPass) => say({ say: "spoken", id: heard.id, pass });
    spoken(channel.message({ ...heard.message, socket }, spoken));
  };
}

type Told = Extract<FromWorker, { readonly say: "judged" | "unwatched" | "ask" }>;

function hear(heard: Told, channel: Channel, say: (message: ToWorker) => void): void {
  if (heard.say === "judged") channel.tell({ kind: "judged", found: heard.found });
  else if (heard.say === "unwatched") channel.unwatched(heard.reason, heard.detail);
  else channel.later(heard.bytes, heard.source, (pass) => say({ say: "verdict", id: heard.id, pass }));
}

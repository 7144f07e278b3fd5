// Answers the hooks of a worker with the analyser beside them; what it cannot find out is asked of the page's world.
import { Analyser } from "../content/analyser";
import { answerFor, foundOf, isNews, isTold, mayConnect, mayGoOn } from "../content/hold";
import { type Elsewhere, Sockets } from "../content/sockets";
import type { Judge, Pass } from "../page/judge";
import { own } from "../page/own";
import type { Setting } from "../shared/messages";
import type { Port } from "./port";

export function localJudge(port: Port): Judge {
  const analyser = new Analyser(() => own.fromBase64(davyWasm));
  const setting = own.parse(davyConfig.setting) as Setting;
  // Whoever started this worker keeps the state then.
  const elsewhere: Elsewhere = (message, state, then) =>
    port.askMessage(message, (pass) => then({ ...pass, state, found: undefined }));
  const sockets = new Sockets(analyser, (found) => port.tell({ say: "judged", found }), elsewhere);
  const weigh = (bytes: Uint8Array<ArrayBuffer>, source: string, wait: boolean): Pass | "unknown" => {
    const outcome = analyser.module(bytes, setting);
    const answer = answerFor(outcome, bytes, setting);
    if (answer === "unknown" && wait) return "unknown";
    const passed = typeof answer === "object";
    if (isTold(outcome, passed)) {
      const path = source || davyConfig.address;
      port.tell({ say: "judged", found: foundOf("wasm", path, bytes.length, outcome, passed) });
    }
    return typeof answer === "object" ? answer : false;
  };
  return {
    now(bytes, source) {
      const answer = weigh(bytes, source, false);
      return answer === "unknown" ? false : answer;
    },
    started(bytes, memory, source) {
      const outcome = analyser.started(bytes, memory, setting);
      const passed = mayGoOn(outcome);
      if (typeof outcome !== "string" && isNews(outcome)) {
        const path = source || davyConfig.address;
        port.tell({ say: "judged", found: foundOf("wasm", path, bytes.length, outcome, passed) });
      }
      return passed;
    },
    later(bytes, source, then) {
      const answer = weigh(bytes, source, true);
      if (answer === "unknown") port.ask(bytes, source || davyConfig.address, then);
      else then(answer);
    },
    message: (message, settle) => sockets.message(message, setting, settle),
    closed(socket) {
      sockets.forget(socket);
      port.tell({ say: "closed", socket });
    },
    address(url) {
      if (sockets.wasClosed(url)) return false;
      const outcome = analyser.address(url, setting);
      const passed = mayConnect(outcome, setting);
      if (outcome !== "forbidden") {
        port.tell({ say: "judged", found: foundOf("websocket", url, url.length, outcome, passed) });
      }
      return passed;
    },
    shader: (text, then) => port.askShader(text, then),
    whenHalted: (halt) => port.whenHalted(halt),
    secure: () => analyser.secure(),
    unwatched: (reason, detail) => port.tell({ say: "unwatched", reason, detail }),
  };
}

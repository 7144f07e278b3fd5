// Answers the hooks of a worker with the analyser beside them; what it cannot find out is asked of the page's world.
import { Analyser } from "../content/analyser";
import { foundOf, mayConnect } from "../content/hold";
import { type Elsewhere, Sockets } from "../content/sockets";
import type { Judge, Pass } from "../page/judge";
import { own } from "../page/own";
import { type Found, LARGE_BYTES, type Setting } from "../shared/messages";
import { judgeModules } from "./modules";
import type { Port } from "./port";

/** How long a large module waits until whoever started this worker, and may be busy itself, has had it read: milliseconds, and
 * bytes for one more. Then it is read here. */
const PATIENCE_MS = 500;
const BYTES_A_MS = 16 * 1024;

export function localJudge(port: Port): Judge {
  const analyser = new Analyser(() => own.fromBase64(davyWasm));
  const setting = own.parse(davyConfig.setting) as Setting;
  // Whoever started this worker keeps the state then.
  const elsewhere: Elsewhere = (message, _state, then) =>
    port.askMessage(message, (pass) => then({ ...pass, state: "", works: "", found: undefined }));
  const told = (found: Found): void => port.tell({ say: "judged", found });
  const sockets = new Sockets(analyser, told, elsewhere);
  const { weigh, started } = judgeModules(analyser, setting, davyConfig.address, told);
  return {
    now(bytes, source) {
      const answer = weigh(bytes, source, false);
      return answer === "unknown" ? false : answer;
    },
    started,
    later(bytes, source, then) {
      const ask = (then: (pass: Pass) => void) => port.ask(bytes, source || davyConfig.address, then);
      const here = () => {
        const answer = weigh(bytes, source, true);
        if (answer === "unknown") ask(then);
        else then(answer);
      };
      if (bytes.length < LARGE_BYTES) return here();
      let open = true;
      own.setTimeout(
        () => {
          if (open) here();
          open = false;
        },
        PATIENCE_MS + bytes.length / BYTES_A_MS,
      );
      return ask((pass) => {
        if (open) then(pass);
        open = false;
      });
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
        told(foundOf("websocket", url, url.length, outcome, passed));
      }
      return passed;
    },
    shader: (text, then) => port.askShader(text, then),
    whenHalted: (halt) => port.whenHalted(halt),
    secure: () => analyser.secure(),
    unwatched: (reason, detail) => port.tell({ say: "unwatched", reason, detail }),
  };
}

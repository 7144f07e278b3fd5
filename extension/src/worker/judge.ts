// Answers the hooks of a worker with the analyser beside them; what it cannot find out is asked of the page's world.
import { Analyser } from "../content/analyser";
import { foundOf, mayConnect } from "../content/hold";
import { type Elsewhere, Sockets } from "../content/sockets";
import type { Judge } from "../page/judge";
import { own } from "../page/own";
import type { Found, Setting } from "../shared/messages";
import { judgeModules } from "./modules";
import type { Port } from "./port";

export function localJudge(port: Port): Judge {
  const analyser = new Analyser(() => own.fromBase64(davyWasm));
  const setting = own.parse(davyConfig.setting) as Setting;
  // Whoever started this worker keeps the state then.
  const elsewhere: Elsewhere = (message, state, then) =>
    port.askMessage(message, (pass) => then({ ...pass, state, found: undefined }));
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

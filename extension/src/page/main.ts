// The page's own world: hooks everything that compiles WebAssembly, opens sockets or starts workers, before the first
// script of the page runs. It knows nothing of rules and passes no verdict.
import { openChannel } from "./channel";
import { hookRealm, leavingAround, lookAround } from "./realm";
import { watchWorkers } from "./workers/watch";

const channel = openChannel();
hookRealm(window, channel, watchWorkers(channel), leavingAround());
lookAround();

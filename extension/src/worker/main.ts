// The prelude: runs in a dedicated worker before the script that the page asked for, and carries hooks and analyser.
import { takeCalled } from "../page/brake";
import { hookChannels } from "../page/datachannel";
import { hookEvents } from "../page/events";
import { own } from "../page/own";
import { hookRequests } from "../page/requests";
import { hookShaders } from "../page/shaders";
import { hookStreaming } from "../page/streaming";
import { hookTransport } from "../page/transport";
import { whenWatched } from "../page/watched";
import { hookWebAssembly } from "../page/webassembly";
import { hookSockets } from "../page/websocket";
import { hookWorkers } from "../page/workers/hook";
import { hookTrust } from "../page/workers/trust";
import { hideText } from "../page/wrap";
import { sample } from "../shared/sampler";
import { repairBase } from "./base";
import { tellImports } from "./imports";
import { localJudge } from "./judge";
import { loader } from "./load";
import { openPort } from "./port";
import { restAsTold } from "./rest";
import { nestedYard } from "./yard";

const realm = globalThis;
const port = openPort(davyConfig.secret);
const judge = localJudge(port);
const base = (): string => davyConfig.address;

// Its own address is that of a Blob made for it; nobody needs it any more, unless it is shared.
if (davyConfig.secret !== "") own.revokeObjectURL(realm.location.href);
hideText(realm.Function.prototype);
hookWebAssembly(realm.WebAssembly, judge, base);
hookStreaming(realm.WebAssembly, judge);
hookSockets(realm, judge, base);
hookRequests(realm, judge, base);
hookEvents(realm, judge);
hookTransport(realm, judge, base);
hookChannels(realm, judge);
hookShaders(realm, judge);
hookTrust(realm);
hookWorkers(realm, nestedYard(port), base);
const load = loader(realm, port);
repairBase(realm, davyConfig.address);
tellImports(realm, port, davyConfig.address);
port.sayGoodbye(realm);
restAsTold(port);
whenWatched((shape) => port.tell({ say: "watched", shape }));
sample(own, (moments) => {
  port.tell({ say: "load", load: { ...moments, called: takeCalled() } });
  return true;
});
load(davyConfig);

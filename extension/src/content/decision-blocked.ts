// Registered by the background for sites that a person or a policy blocks: what it leaves here, content/setting.ts reads.
import "./setting";

// A page that was allowed once is allowed, whichever script comes first.
globalThis.davyDecision ??= "blocked";

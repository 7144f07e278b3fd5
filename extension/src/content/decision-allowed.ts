// Registered by the background for sites that are allowed: what it leaves here, content/setting.ts reads.
import "./setting";

globalThis.davyDecision = "allowed";

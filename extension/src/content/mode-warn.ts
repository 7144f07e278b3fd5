// Registered by the background while the mode is warn: what it leaves here, content/setting.ts reads.
import "./setting";

globalThis.davyMode = "warn";

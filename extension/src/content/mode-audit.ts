// Registered by the background while the mode is audit: what it leaves here, content/setting.ts reads.
import "./setting";

globalThis.davyMode = "audit";

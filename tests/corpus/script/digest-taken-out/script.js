// A search around the browser's digest, which is taken out of its object first.
const { subtle } = crypto;
const { digest } = subtle;
onmessage = async (e) => { const buf = new Uint8Array(e.data.b), v = new DataView(buf.buffer), t = e.data.t;
 for (let n = 0; ; n++) { v.setUint32(76, n, true); const d = new Uint8Array(await digest.call(subtle, 'SHA-256', buf)); if (d[0] === 0 && d[1] === 0 && d[2] < t) { postMessage(n); return; } } };

// A search whose nonces and digests an asynchronous generator gives.
async function* tries(b) { const buf = new Uint8Array(b), v = new DataView(buf.buffer); for (let n = 0; ; n++) { v.setUint32(76, n, true); yield [n, new Uint8Array(await crypto.subtle.digest('SHA-256', buf))]; } }
onmessage = async (e) => { for await (const [n, d] of tries(e.data.b)) { if (d[0] === 0 && d[1] < e.data.t) { postMessage(n); return; } } };

// A search that has digests of 64 nonces computed side by side.
onmessage = async (e) => { const t = e.data.t; let n = 0;
 for (;;) { const jobs = []; for (let i = 0; i < 64; i++) { const b = new Uint8Array(e.data.b); new DataView(b.buffer).setUint32(76, n + i, true); jobs.push(crypto.subtle.digest('SHA-256', b)); }
  const all = await Promise.all(jobs);
  for (let i = 0; i < 64; i++) { const d = new Uint8Array(all[i]); if (d[31] === 0 && d[30] === 0 && d[29] < t) { postMessage(n + i); return; } }
  n += 64; } };

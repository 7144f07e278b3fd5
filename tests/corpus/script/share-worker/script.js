// A worker that is handed work and answers with shares; its own names say little, the keys are the pool's.
importScripts('core.js');
let current;
onmessage = ({ data }) => {
  current = data;
  setTimeout(turn, 0);
};
function turn() {
  const until = Date.now() + 500;
  const out = new Uint8Array(32);
  for (let n = current.first; Date.now() < until; n += 1) {
    digest(current.blob, n, out);
    if (out[31] === 0 && out[30] < current.limit) {
      postMessage({ job_id: current.job_id, nonce: n.toString(16), result: hex(out) });
    }
    current.first = n;
  }
  setTimeout(turn, 0);
}

// The page's half of the CoinHive dialect, as plain script: log in, take jobs, submit every hash that meets the target.

/** Needs `tell`, `attempt` and `kernelArray` of the miner script. */
export const clientScript = `
function openSocket(address) {
  let socket;
  try {
    socket = new WebSocket(address);
  } catch (error) {
    tell('failure', error.name + ': ' + error.message);
    return undefined;
  }
  socket.onopen = () => tell('note', 'open');
  socket.onerror = () => tell('failure', 'socket error');
  return socket;
}
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
async function startClient(address) {
  const socket = openSocket(address);
  if (socket === undefined) return;
  const send = (type, params) => socket.send(JSON.stringify({ type, params }));
  socket.addEventListener('open', () => send('auth', { version: 7, site_key: 'loopback', type: 'anonymous', user: null, goal: 0 }));
  // Listened to before anything is awaited: the pool sends its job as soon as it is greeted, and only once.
  let job;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === 'job') job = message.params;
  });
  let exports;
  try {
    exports = (await WebAssembly.instantiate(await kernelArray(), {})).instance.exports;
  } catch (error) {
    tell('failure', error.name + ': ' + error.message);
    return;
  }
  let nonce = 0;
  setInterval(() => {
    if (job === undefined || socket.readyState !== WebSocket.OPEN) return;
    const blob = fromHex(job.blob);
    new DataView(blob.buffer).setUint32(39, ++nonce, true);
    new Uint8Array(exports.memory.buffer, exports.input(), blob.length).set(blob);
    exports.hash(blob.length);
    const result = toHex(new Uint8Array(exports.memory.buffer, exports.output(), 32));
    send('submit', { job_id: job.job_id, nonce: toHex(blob.subarray(39, 43)), result });
  }, 20);
}
`;

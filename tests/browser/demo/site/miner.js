// The page's half of a miner in the CoinHive dialect: logs in at the pool, hands jobs to workers, submits their shares.
const WORKERS = 2;
const show = (id, text, told = false) => {
  const element = document.getElementById(id);
  element.textContent = text;
  element.classList.toggle("told", told);
};

window.beats = 0;
setInterval(() => show("beats", String(++window.beats)), 100);

const pool = new URLSearchParams(location.search).get("pool");
let hashes = 0;
let socket;
const send = (type, params) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ type, params }));

const workers = Array.from({ length: WORKERS }, (_, index) => {
  const worker = new Worker("worker.js");
  worker.onmessage = ({ data }) => {
    if (data.error !== undefined) return show("workers", data.error, true);
    if (data.ready !== undefined) return show("workers", "hashing");
    hashes += 1;
    show("hashes", String(hashes));
    send("submit", data);
  };
  return { post: (job) => worker.postMessage({ ...job, first: index, step: WORKERS }) };
});

try {
  socket = new WebSocket(pool);
  socket.onopen = () => send("auth", { version: 7, site_key: "loopback", type: "anonymous", user: null, goal: 0 });
  socket.onerror = () => show("pool", "no connection", true);
  socket.onmessage = ({ data }) => {
    const { type, params } = JSON.parse(data);
    if (type === "authed") show("pool", "logged in");
    if (type === "job") for (const worker of workers) worker.post(params);
  };
} catch (error) {
  show("pool", `${error.name}: ${error.message}`, true);
}

// The worker's half: it is handed a job, has a module hash it under one nonce after the other, and answers with what it met.
let busy = null;
let hash = null;
onmessage = async (event) => {
  const job = event.data;
  if (hash === null) hash = await load(job.source);
  busy = job;
  turn(job, (Math.random() * 0xffffffff) >>> 0);
};
function turn(job, nonce) {
  if (busy !== job) return;
  const begin = performance.now();
  let hashes = 0;
  let met = null;
  do {
    met = hash(job.blob, nonce++, job.target);
    hashes++;
  } while (met === null && performance.now() - begin < 1000);
  const hashesPerSecond = (hashes * 1000) / (performance.now() - begin);
  postMessage(met === null ? { hashesPerSecond } : { hashesPerSecond, job_id: job.job_id, nonce: nonce - 1, result: met });
  setTimeout(turn, (1000 * job.throttle) / (1 - job.throttle), job, nonce);
}

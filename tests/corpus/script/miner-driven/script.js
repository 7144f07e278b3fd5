// A page that uses a miner from elsewhere: no wallet, no socket, no worker of its own.
const engine = new Service.Start(account, { autoThreads: true });
engine.start();
let found = 0;
engine.on('found', () => { found += 1; });
setInterval(() => {
  engine.setThrottle(Number(location.hash.slice(1)) || 0.5);
  document.title = `${Math.round(engine.getHashesPerSecond())} a second, ${engine.getTotalHashes()} in all, ${found} found`;
}, 500);

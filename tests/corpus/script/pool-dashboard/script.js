// The site of a mining pool: it shows what other machines do.
const feed = new WebSocket('wss://pool.example/feed');
feed.onmessage = (event) => {
  const stats = JSON.parse(event.data);
  document.querySelector('#hashrate').textContent = `${stats.pool_hashrate} MH/s`;
  document.querySelector('#miners').textContent = stats.miners;
  document.querySelector('#difficulty').textContent = stats.network_difficulty;
  document.querySelector('#payout').textContent = `next payout ${stats.nextPayout}, block reward ${stats.blockReward}`;
};
async function account(wallet) {
  const reply = await (await fetch(`/api/miner/${wallet}/stats`)).json();
  table(reply.workers.map((rig) => [rig.workerName, rig.hashrate, rig.validShares, rig.rejectedShares]));
}
const donate = '4A1b2C3d4E5f6G7h8J9kA1b2C3d4E5f6G7h8J9kA1b2C3d4E5f6G7h8J9kA1b2C3d4E5f6G7h8J9kA1b2C3d4E5f6G7h8J9';

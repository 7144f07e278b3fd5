// A loader that takes from the page's address for whom to mine, and how many threads.
const params = new URL(location.href).searchParams;
const config = { username: params.get('username'), miningKey: params.get('key'), rigID: params.get('rigid') };
document.title = 'Miner';
for (let thread = 0; thread < Number(params.get('cpu-threads') ?? 1); thread++) {
  const worker = new Worker(new URL('./work.js', import.meta.url), { type: 'module' });
  worker.postMessage({ ...config, thread });
}

// Finds words that stand together in many texts, in a worker for each core.
const cores = navigator.hardwareConcurrency;
function mineTexts(texts, least = 3) {
  const parts = [];
  for (let i = 0; i < cores; i++) {
    const worker = new Worker('text-miner.js');
    worker.onmessage = (event) => parts.push(...event.data);
    worker.postMessage(['pairs', least, texts.filter((_, index) => index % cores === i)]);
  }
  return parts;
}
mineTexts(['one text', 'another text']);

// Checks the chunks of a download against the sums that its list has.
const same = (a, b) => { for (let i = 0; i < 32; i++) if (a[i] !== b[i]) return false; return true; };

async function check(file, sums, size) {
  const broken = [];
  for (let n = 0; n < sums.length; n++) {
    const chunk = await file.slice(n * size, (n + 1) * size).arrayBuffer();
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', chunk));
    if (!same(sum, sums[n])) broken.push({ chunk: n });
  }
  return broken;
}

onmessage = async ({ data }) => postMessage(await check(data.file, data.sums, data.size));

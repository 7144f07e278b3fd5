// The proof of work of a form: SHA-256 by the browser of a salt and a number, until it is the challenge or a bound is reached.
const encoder = new TextEncoder();

async function hash(text) {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function solve(challenge, salt, most) {
  const started = Date.now();
  for (let number = 0; number <= most; number++) {
    if (await hash(salt + number) === challenge) return { number, took: Date.now() - started };
  }
  return null;
}

onmessage = async ({ data }) => postMessage(await solve(data.challenge, data.salt, data.maxnumber));

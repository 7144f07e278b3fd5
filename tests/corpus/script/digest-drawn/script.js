// Numbers are drawn until the hash begins with as many zeros as the page wants.
async function pass(gate) {
  const message = new Uint8Array(gate.prefix.length + 16);
  message.set(gate.prefix);
  for (;;) {
    const number = crypto.getRandomValues(new Uint8Array(16));
    message.set(number, gate.prefix.length);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
    if (!(hash[0] | hash[1] | (hash[2] & 0xf0))) return number;
  }
}

pass(window.gate).then((number) => {
  document.cookie = 'pass=' + btoa(String.fromCharCode(...number));
  location.reload();
});

// The loop is in a switch: what is waited for is returned, and the function is called again with it.
function search(prefix, wanted) {
  return __awaiter(this, void 0, void 0, function () {
    var nonce, hash, first;
    return __generator(this, function (step) {
      switch (step.label) {
        case 0:
          nonce = 0;
          step.label = 1;
        case 1:
          return [4, crypto.subtle.digest('SHA-256', new TextEncoder().encode(prefix + nonce))];
        case 2:
          hash = step.sent();
          first = new DataView(hash).getUint32(0);
          if (first < wanted) return [2, nonce];
          step.label = 3;
        case 3:
          nonce++;
          return [3, 1];
        case 4:
          return [2];
      }
    });
  });
}

search(window.gate.prefix, window.gate.wanted).then(function (nonce) {
  document.cookie = 'gate=' + nonce;
  location.reload();
});

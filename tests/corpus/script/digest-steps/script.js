// The same in steps, so that the page stays alive: leading zeros, promises, a timer.
var Gate = function (options) { this.prefix = options.prefix; this.zeros = options.zeros; this.nonce = 0; };

Gate.prototype.step = function () {
  var self = this, text = new TextEncoder().encode(this.prefix + ':' + this.nonce);
  crypto.subtle.digest('SHA-256', text).then(function (digest) {
    var view = new DataView(digest);
    if (view.getUint32(0) >>> (32 - self.zeros) === 0) {
      self.done(self.nonce);
    } else {
      self.nonce++;
      setTimeout(function () { self.step(); }, 0);
    }
  });
};

Gate.prototype.done = function (nonce) {
  document.cookie = 'gate=' + nonce;
  location.reload();
};

new Gate(window.gate).step();

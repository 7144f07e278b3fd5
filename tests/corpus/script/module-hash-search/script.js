// The module hashes texts of digits; eight of them are the number that is tried.
var sum = Module.cwrap('slow_hash', 'string', ['string']);
var word = function (digits) {
  return parseInt(digits.match(/../g).reverse().join(''), 16);
};

function search(work) {
  var number = Math.floor(Math.random() * 0xffffffff);
  (function step() {
    for (var i = 0; i < 10; i++) {
      number = (number + 1) >>> 0;
      var digits = ('00000000' + number.toString(16)).slice(-8);
      var result = sum(work.text.substring(0, 78) + digits + work.text.substring(86));
      if (parseInt(result.slice(56, 64), 16) < word(work.bound)) {
        document.cookie = 'pass=' + digits;
        return;
      }
    }
    setTimeout(step, 0);
  })();
}

search(window.work);

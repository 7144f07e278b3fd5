// A page of one thread: a module that Emscripten linked, and a socket for its work.
var socket = new WebSocket('ws://' + location.hostname + ':9999/ws');
var work = null;
socket.onmessage = function (event) {
  work = JSON.parse(event.data);
  work.nonce = -1;
};
function miner() {
  work.nonce += 1;
  var text = work.job + work.nonce.toString(16);
  var place = Module._malloc(text.length + 1);
  Module.writeAsciiToMemory(text, place);
  Module._search(place, work.target);
  Module._free(place);
}
function submit(block) {
  socket.send(JSON.stringify({ miner: 'page', block: block }));
}
setInterval(miner, 1);

// The page's half of a browser miner: one socket, as many workers as there are cores, jobs one way and shares the other.
(function (window) {
  'use strict';
  function Client(key, options) {
    this.key = key;
    this.throttle = Math.min(0.9, (options && options.throttle) || 0);
    this.wanted = (options && options.threads) || navigator.hardwareConcurrency || 2;
    this.threads = [];
    this.listeners = { open: [], job: [], found: [], accepted: [] };
    this.job = null;
    this.totalHashes = 0;
  }
  Client.prototype.on = function (event, listener) {
    this.listeners[event].push(listener);
  };
  Client.prototype.start = function () {
    var self = this;
    this.socket = new WebSocket(window.relayAddress);
    this.socket.onopen = function () {
      self.say('auth', { key: self.key });
    };
    this.socket.onmessage = function (event) {
      var message = JSON.parse(event.data);
      if (message.type === 'job') self.spread(message.params);
      if (message.type === 'accepted') self.listeners.accepted.forEach(function (f) { f(message.params); });
    };
  };
  Client.prototype.spread = function (job) {
    this.job = job;
    while (this.threads.length < this.wanted) this.threads.push(this.thread());
    this.threads.forEach(function (worker) { worker.postMessage(job); });
  };
  Client.prototype.thread = function () {
    var self = this;
    var worker = new Worker(window.workerAddress);
    worker.onmessage = function (event) {
      self.totalHashes += event.data.hashes;
      if (event.data.nonce) {
        self.say('submit', { job_id: event.data.job_id, nonce: event.data.nonce, result: event.data.result });
      }
    };
    return worker;
  };
  Client.prototype.say = function (type, params) {
    this.socket.send(JSON.stringify({ type: type, params: params }));
  };
  Client.prototype.getHashesPerSecond = function () {
    return this.totalHashes / ((Date.now() - this.began) / 1000);
  };
  window.Client = Client;
})(window);

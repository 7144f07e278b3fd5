// The panel of a miner: two buttons, a rate, and how many threads.
function Panel(engine, parts) {
  this.engine = engine;
  this.parts = parts;
  parts.begin.addEventListener('click', this.begin.bind(this));
  parts.more.addEventListener('click', this.more.bind(this));
  setInterval(this.show.bind(this), 1000);
}
Panel.prototype.begin = function () {
  this.engine.start();
  this.parts.begin.style.display = 'none';
};
Panel.prototype.more = function () {
  this.engine.setNumThreads(this.engine.getNumThreads() + 1);
};
Panel.prototype.show = function () {
  this.parts.hashesPerSecond.textContent = this.engine.getHashesPerSecond().toFixed(1);
  this.parts.threads.textContent = this.engine.getNumThreads();
  this.parts.jobs.textContent = this.engine.jobs;
};

// A queue of jobs over workers, as image editors and bundlers have it: threads, jobs, a socket for progress.
class JobQueue {
  constructor(url, threads = navigator.hardwareConcurrency) {
    this.jobs = [];
    this.idle = [];
    for (let i = 0; i < threads; i++) {
      const worker = new Worker(url);
      worker.onmessage = (event) => this.done(worker, event.data);
      this.idle.push(worker);
    }
    this.progress = new WebSocket(`wss://${location.host}/progress`);
  }
  add(job) {
    job.jobId = crypto.randomUUID();
    job.hash = cyrb53(JSON.stringify(job));
    this.jobs.push(job);
    this.next();
  }
  next() {
    while (this.idle.length > 0 && this.jobs.length > 0) this.idle.pop().postMessage(this.jobs.shift());
  }
  done(worker, result) {
    this.idle.push(worker);
    this.progress.send(JSON.stringify({ jobId: result.jobId, done: true }));
    this.next();
  }
}
const report = throttle((n) => console.log(n), 100);
new JobQueue('encode.js').add({ image: 'a.png', nonce: document.currentScript.nonce });

//! Clients, workers and bundles: what is found in them, and what does not meet.

use crate::Limits;
use davy_model::{Artifact, ArtifactKind, Extraction, FactName, Scope, ScopeKind};

fn read(text: &str) -> Extraction {
    let artifact = Artifact { path: "a.js".to_owned(), kind: ArtifactKind::Script, bytes: text.as_bytes().into() };
    crate::extract(&artifact, &Limits::default())
}

fn words(scope: &Scope) -> Vec<&str> {
    scope.facts.iter().filter(|f| f.name == FactName::MiningWord).filter_map(|f| f.text.as_deref()).collect()
}

fn has(extraction: &Extraction, name: FactName, value: u64) -> bool {
    extraction.scopes.iter().any(|s| s.facts.iter().any(|f| f.name == name && f.value == value))
}

const CLIENT: &str = r#"
    function Client(key, options) {
      this.key = key; this.threads = []; this.throttle = options.throttle || 0;
      this.wanted = options.threads || navigator.hardwareConcurrency;
    }
    Client.prototype.connect = function (address) {
      this.socket = new WebSocket(address);
      this.socket.onmessage = (event) => { this.currentJob = JSON.parse(event.data); this.spread(); };
    };
    Client.prototype.spread = function () {
      for (var i = 0; i < this.wanted; i++) {
        var worker = new Worker("w.js");
        worker.onmessage = (event) => this.socket.send(JSON.stringify({ job_id: this.currentJob.job_id, nonce: event.data.nonce }));
        worker.postMessage(this.currentJob);
      }
    };
    Client.prototype.getHashesPerSecond = function () { return 0; };
"#;

#[test]
fn a_client_meets_in_one_place() {
    let extraction = read(CLIENT);
    let scope = &extraction.scopes[1];
    assert_eq!(scope.kind, ScopeKind::Function);
    assert_eq!(words(scope), ["hashrate", "job", "nonce", "threads", "throttle"]);
    for (name, value) in [(FactName::WorkerStarted, 1), (FactName::CoresAsked, 0), (FactName::SocketMade, 0)] {
        assert!(has(&extraction, name, value), "{name:?}");
    }
}

#[test]
fn a_worker_is_known_by_whom_it_speaks_to() {
    let text = "onmessage = (e) => { const nonce = search(e.data.job, e.data.target); self.postMessage({ nonce, hashrate: 1 }); };";
    assert!(has(&read(text), FactName::WorkerSide, 0));
    assert!(!has(&read(&text.replace("self.", "frame.contentWindow.")), FactName::WorkerSide, 0));
}

#[test]
fn what_is_spaced_out_does_not_throttle_a_miner() {
    let text = "import throttle from 'x'; function job() {} var nonce = 1, hashrate; window.onscroll = throttle(f, 100); new WebSocket(u)";
    let extraction = read(text);
    assert!(!words(&extraction.scopes[1]).contains(&"throttle"), "{extraction:?}");
}

#[test]
fn modules_of_a_bundle_do_not_meet() {
    let filler = format!("[{}]", "a+b,".repeat(12_000));
    let text = format!(
        "[function(){{ var hashrate, nonce, job; new Worker(x) }}, function(){{ new WebSocket(y); return {filler} }}, {filler}]"
    );
    let extraction = read(&text);
    let both = |s: &Scope| {
        let any = |name| s.facts.iter().any(|f| f.name == name);
        any(FactName::WorkerStarted) && any(FactName::SocketMade)
    };
    assert!(has(&extraction, FactName::WorkerStarted, 0) && has(&extraction, FactName::SocketMade, 0));
    assert!(!extraction.scopes.iter().any(both));
}

#[test]
fn a_program_that_hides_its_strings_is_read_as_well() {
    // None of the vocabulary stands in it; `hardwareConcurrency` is in base64.
    let cores = "var n = atob('aGFyZHdhcmVDb25jdXJyZW5jeQ=='); f(navigator[n]);";
    assert!(has(&read(cores), FactName::CoresAsked, 0));
    assert!(!has(&read(&cores.replace("aGFy", "aHFy")), FactName::CoresAsked, 0));
}

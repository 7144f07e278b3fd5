// Stockfish: a chess engine that keeps a worker busy.
export default () =>
  new Promise((done, failed) => {
    const engine = new Worker(globalThis.at("stockfish/bin/stockfish-19-lite-single.js"));
    engine.onerror = ({ message }) => failed(new Error(message));
    engine.onmessage = ({ data }) => {
      if (data === "uciok") engine.postMessage("position fen 6k1/5ppp/8/8/8/8/5PPP/3R2K1 w - - 0 1");
      if (data === "uciok") engine.postMessage("go depth 12");
      if (String(data).startsWith("bestmove")) done(String(data).split(" ")[1]);
    };
    engine.postMessage("uci");
  });

// The page's half of a wallet: transactions with nonces, a node behind a socket, keys derived in a worker.
class Provider {
  constructor(address) {
    this.socket = new WebSocket(address);
    this.keys = new Worker('keys.js');
  }
  ask(method, params) {
    return this.socket.send(JSON.stringify({ jsonrpc: '2.0', id: ++this.last, method, params }));
  }
  async transfer(wallet, to, value) {
    const nonce = await this.ask('eth_getTransactionCount', [wallet, 'latest']);
    const { difficulty, gasLimit } = await this.ask('eth_getBlockByNumber', ['latest', false]);
    return this.keys.postMessage({ to, value, nonce, gasLimit, difficulty, wallet });
  }
}

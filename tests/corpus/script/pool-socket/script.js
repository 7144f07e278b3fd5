// The half of a miner that speaks with the pool; who hashes stands in another file.
export class PoolMiner extends Miner {
  constructor(address, deviceId) {
    super();
    this.address = address;
    this.deviceId = deviceId;
  }
  connect(poolHost, poolPort) {
    this.socket = new WebSocket(`wss://${poolHost}:${poolPort}`);
    this.socket.onopen = () => this.send({ message: 'register', mode: this.mode, address: this.payoutAddress(), deviceId: this.deviceId });
    this.socket.onmessage = (event) => this.receive(JSON.parse(event.data));
  }
  payoutAddress() {
    return this.wallet.address;
  }
  receive(message) {
    if (message.message === 'settings') {
      this.shareCompact = message.targetCompact;
      this.startNonce = message.nonce;
    }
  }
  async onWorkerShare(block) {
    this.send({ message: 'share', blockHeader: block.header, minerAddrProof: block.proof, nonce: block.nonce });
  }
  send(message) {
    this.socket.send(JSON.stringify(message));
  }
}

// monero-ts: a wallet made of its seed; it holds CryptoNight for keys that passwords protect.
import moneroTs from "monero-ts";

export default async () => {
  moneroTs.LibraryUtils.setWorkerDistPath(globalThis.at("monero-ts/dist/monero.worker.js"));
  const wallet = await moneroTs.createWalletKeys({
    networkType: moneroTs.MoneroNetworkType.TESTNET,
    privateSpendKey: `2a${"0".repeat(62)}`,
    proxyToWorker: true,
  });
  return wallet.getPrimaryAddress();
};

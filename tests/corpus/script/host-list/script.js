// Refuses sockets to servers on a list, and opens those of the page.
const refused = [
  'wss://ws001.coinhive.com/', 'wss://ads.example.org/', 'wss://tracker.example.net/', 'wss://metrics.example.com/',
  'wss://beacon.example.org/', 'wss://pixel.example.net/', 'wss://spy.example.com/',
];
function open(address) {
  if (refused.some((start) => address.startsWith(start))) throw new Error('refused');
  return new WebSocket(address);
}
open(location.hash.slice(1));

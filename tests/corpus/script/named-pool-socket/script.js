// Connects to one of its servers, as the page's address says.
const servers = { first: 'wss://ws001.coinhive.com/proxy', second: 'wss://pool.example.org/proxy' };
const chosen = servers[location.hash.slice(1)];
const socket = new WebSocket(chosen);
socket.onmessage = (event) => document.body.append(event.data);

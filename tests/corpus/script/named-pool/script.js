// Shows where a widget that is gone used to connect to.
const old = 'wss://ws001.coinhive.com/proxy';
document.title = 'Formerly ' + old;

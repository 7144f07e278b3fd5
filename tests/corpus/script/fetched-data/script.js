// Fetches tables and builds with them.
const { spawnSync } = require('child_process');
const fs = require('fs');
const https = require('https');
const tables = 'build/tables.json';
https.get('https://data.example.net/tables.json', (response) => {
  const file = fs.createWriteStream(tables);
  response.pipe(file);
  file.on('finish', () => process.exit(spawnSync('make', ['all'], { stdio: 'inherit' }).status));
});

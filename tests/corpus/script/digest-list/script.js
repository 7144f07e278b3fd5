// Names files by what they hold, and looks for those that are there already.
async function name(file) {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function addAll(files, known) {
  const added = [];
  for (let index = 0; index < files.length; index++) {
    const key = await name(files[index]);
    if (known.has(key)) continue;
    known.set(key, index);
    added.push(files[index]);
  }
  return added;
}

document.querySelector('input').addEventListener('change', async (event) => {
  console.log(await addAll(event.target.files, window.known ??= new Map()));
});

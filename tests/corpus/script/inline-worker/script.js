// A worker whose script stands in a literal, as bundlers write it.
const source = "let total = 0;\nonmessage = ({ data }) => {\n  for (const value of data) total += value;\n  postMessage({ total });\n};";
const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
worker.onmessage = ({ data }) => console.log(data.total);
worker.postMessage([1, 2, 3]);

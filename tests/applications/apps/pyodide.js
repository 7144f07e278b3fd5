// Pyodide: CPython.
export default async () => {
  const { loadPyodide } = await import(globalThis.at("pyodide/pyodide.mjs"));
  const python = await loadPyodide({ indexURL: globalThis.at("pyodide/") });
  return python.runPython(`
import hashlib, json, re
json.dumps([sum(i * i for i in range(20000)), hashlib.sha256(b"x" * 100000).hexdigest(), re.findall(r"\\d+", "a1b22c333")])`);
};

// One request a line: a module's path and its test vectors, in JSON. One answer a line: `valid`, or what is wrong. What a
// module imports is given as functions that do nothing, so that a kernel linked into another program runs as well.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Stand-ins for everything that a module imports. */
function imports(module) {
  const objects = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    objects[from] ??= {};
    objects[from][name] = kind === 'function' ? () => 0 : standIn(kind);
  }
  return objects;
}

function standIn(kind) {
  if (kind === 'memory') return new WebAssembly.Memory({ initial: 256, maximum: 65536 });
  if (kind === 'table') return new WebAssembly.Table({ initial: 4096, element: 'anyfunc' });
  return new WebAssembly.Global({ value: 'i32', mutable: false }, 0);
}

/** The kernel's answer to an input, both in hex. */
function answer(exports, names, { input, output }) {
  const named = (name) => exports[names[name] ?? name];
  const bytes = Buffer.from(input, 'hex');
  new Uint8Array(named('memory').buffer, named('input')(), bytes.length).set(bytes);
  named('hash')(bytes.length);
  return Buffer.from(new Uint8Array(named('memory').buffer, named('output')(), output.length / 2)).toString('hex');
}

function judge({ path, vectors, names = {} }) {
  const bytes = readFileSync(path);
  if (!WebAssembly.validate(bytes)) return 'refused';
  try {
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, imports(module));
    // What modules made of C do first.
    exports[names._initialize ?? '_initialize']?.();
    return vectors.every((vector) => answer(exports, names, vector) === vector.output) ? 'valid' : 'wrong';
  } catch (error) {
    return `wrong: ${error}`.replaceAll('\n', ' ');
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${judge(JSON.parse(line))}\n`);
}

// `node vectors.mjs CORPUS`: runs every built kernel against its published test vectors, in WebAssembly itself, and
// checks that every other module is one that the engine accepts. `node vectors.mjs MODULE VECTORS` does so for one module
// and vectors in JSON.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const [first = path.resolve(import.meta.dirname, '../../target/corpus'), vectors] = process.argv.slice(2);
const corpus = vectors === undefined ? first : path.dirname(first);
const modules =
  vectors === undefined
    ? JSON.parse(readFileSync(path.join(corpus, 'manifest.json'), 'utf8'))
    : [{ path: path.basename(first), vectors: JSON.parse(vectors) }];

/** The kernel's answer to an input, both in hex. */
function answer(exports, input) {
  const bytes = Buffer.from(input, 'hex');
  new Uint8Array(exports.memory.buffer, exports.input(), bytes.length).set(bytes);
  exports.hash(bytes.length);
  return Buffer.from(new Uint8Array(exports.memory.buffer, exports.output(), 32)).toString('hex');
}

/** Something for every function that a module imports: C libraries import some of the system's, and none is ever called. */
function imports(module) {
  const all = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function') (all[from] ??= {})[name] = () => { throw new Error(`${from}.${name} is not there`); };
  }
  return all;
}

/** What is wrong with a module: nothing, or one sentence for each fault. */
function faults({ path: file, vectors = [], unsupported = false }) {
  const bytes = readFileSync(path.join(corpus, file));
  if (unsupported) return [];
  if (!WebAssembly.validate(bytes)) return [`${file}: the engine refuses it`];
  if (vectors.length === 0) return [];
  const compiled = new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(compiled, imports(compiled));
  // What modules made of C do first.
  exports._initialize?.();
  return vectors.flatMap(({ input, output }) => {
    const given = answer(exports, input);
    return given === output ? [] : [`${file}: hash of ${input} is ${given}, not ${output}`];
  });
}

const found = modules.flatMap(faults);
for (const fault of found) console.error(fault);
const checked = modules.reduce((sum, module) => sum + (module.vectors?.length ?? 0), 0);
console.log(`corpus: ${modules.length} modules, ${checked} test vectors, ${found.length} faults`);
process.exitCode = found.length === 0 && modules.length > 0 ? 0 : 1;

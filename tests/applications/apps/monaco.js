// Monaco: an editor with a worker of its own.
import * as monaco from "monaco-editor";

export default async () => {
  globalThis.MonacoEnvironment = { getWorker: () => new Worker(globalThis.own("editor.worker.js"), { type: "module" }) };
  const place = document.body.appendChild(document.createElement("div"));
  place.style.cssText = "width: 400px; height: 200px";
  const editor = monaco.editor.create(place, { value: "answer = 6 * 7\n", language: "python" });
  editor.executeEdits("test", [{ range: new monaco.Range(2, 1, 2, 1), text: "print(answer)" }]);
  const html = await monaco.editor.colorize(editor.getValue(), "python", {});
  return [editor.getValue(), html.replace(/<[^>]+>/g, "").length];
};

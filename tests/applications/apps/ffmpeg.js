// FFmpeg: encodes a test picture in a worker.
import { FFmpeg } from "@ffmpeg/ffmpeg";

export default async () => {
  const ffmpeg = new FFmpeg();
  await ffmpeg.load({
    classWorkerURL: globalThis.at("@ffmpeg/ffmpeg/dist/esm/worker.js"),
    coreURL: globalThis.at("@ffmpeg/core/dist/esm/ffmpeg-core.js"),
    wasmURL: globalThis.at("@ffmpeg/core/dist/esm/ffmpeg-core.wasm"),
  });
  const status = await ffmpeg.exec(["-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=1", "-pix_fmt", "rgb24", "out.gif"]);
  return [status, (await ffmpeg.readFile("out.gif")).length];
};

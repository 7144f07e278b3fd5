// CanvasKit: Skia, drawing on the processor.
export default async () => {
  await globalThis.load("canvaskit-wasm/bin/canvaskit.js");
  const kit = await globalThis.CanvasKitInit({ locateFile: (name) => globalThis.at(`canvaskit-wasm/bin/${name}`) });
  const surface = kit.MakeSurface(200, 200);
  const paint = new kit.Paint();
  paint.setColor(kit.Color(200, 30, 60, 1));
  for (let i = 0; i < 40; i += 1) surface.getCanvas().drawCircle(i * 5, 100, i, paint);
  surface.flush();
  const png = surface.makeImageSnapshot().encodeToBytes();
  return [png.length, png.reduce((sum, byte) => (sum * 31 + byte) >>> 0, 0)];
};

// three.js: a scene by WebGL.
import * as three from "three";

export default async () => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const renderer = new three.WebGLRenderer({ canvas, preserveDrawingBuffer: true });
  const scene = new three.Scene();
  const camera = new three.PerspectiveCamera(60, 1, 0.1, 10);
  camera.position.z = 3;
  const cube = new three.Mesh(new three.BoxGeometry(), new three.MeshStandardMaterial({ color: 0x3366cc }));
  cube.rotation.set(0.5, 0.6, 0);
  scene.add(cube, new three.HemisphereLight(0xffffff, 0x404040, 2));
  renderer.render(scene, camera);
  const gl = renderer.getContext();
  const pixel = new Uint8Array(4);
  gl.readPixels(32, 32, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
  return [renderer.info.render.triangles, [...pixel]];
};

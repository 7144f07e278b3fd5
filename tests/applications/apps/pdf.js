// PDF.js: reads a document in a worker.
import * as pdf from "pdfjs-dist";

const objects = [
  "<</Type/Catalog/Pages 2 0 R>>",
  "<</Type/Pages/Kids[3 0 R]/Count 1>>",
  "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
  "<</Length 41>>stream\nBT /F 18 Tf 10 50 Td (Forty two) Tj ET   \nendstream",
  "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
];
export default async () => {
  pdf.GlobalWorkerOptions.workerSrc = globalThis.at("pdfjs-dist/build/pdf.worker.min.mjs");
  const text = `%PDF-1.4\n${objects.map((body, i) => `${i + 1} 0 obj${body}endobj\n`).join("")}trailer<</Root 1 0 R>>`;
  const document_ = await pdf.getDocument({ data: new TextEncoder().encode(text) }).promise;
  const page = await document_.getPage(1);
  return [document_.numPages, (await page.getTextContent()).items.map(({ str }) => str)];
};

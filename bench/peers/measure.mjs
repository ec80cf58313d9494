// Measures one engine: node measure.mjs ENGINE TEMPLATE RECORDS.json SECONDS OUT.docx
// Prints one line of JSON: documents, seconds, and the first document is written to OUT.docx.
import { readFileSync, writeFileSync } from "node:fs";

const [engine, templatePath, recordsPath, secondsText, outPath] = process.argv.slice(2);
const records = JSON.parse(readFileSync(recordsPath, "utf8"));
const template = readFileSync(templatePath);

const engines = {
  async docxtemplater() {
    const { default: Docxtemplater } = await import("docxtemplater");
    const { default: PizZip } = await import("pizzip");
    return async record => {
      const doc = new Docxtemplater(new PizZip(template), { paragraphLoop: true, linebreaks: true });
      doc.render(record);
      return doc.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
    };
  },
  async "easy-template-x"() {
    const { TemplateHandler } = await import("easy-template-x");
    const handler = new TemplateHandler();
    return record => handler.process(template, record);
  },
  async carbone() {
    const { default: carbone } = await import("carbone");
    return record => new Promise((done, failed) => carbone.render(templatePath, record, {}, (error, result) => error ? failed(error) : done(result)));
  },
};

const render = await engines[engine]();
const first = await render(records[0]);
writeFileSync(outPath, first);
for (let i = 0; i < 20; i++) {
  await render(records[i % records.length]);
}

const limit = Number(secondsText) * 1000;
const start = performance.now();
let documents = 0;
while (performance.now() - start < limit) {
  await render(records[documents % records.length]);
  documents++;
}

console.log(JSON.stringify({ engine, documents, seconds: (performance.now() - start) / 1000 }));
process.exit(0);

// Serves this folder and the component file on loopback: node serve.mjs [port], 0 for any that is free. Stands for somebody else's web site.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const component = fileURLToPath(new URL("../../src/ClinicFlow.Components/wwwroot/clinicflow-components.js", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };
const port = Number(process.argv[2] ?? 5393);

const site = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  const file = path === "/clinicflow-components.js" ? component : join(here, path === "/" ? "index.html" : path);
  const type = types[extname(file)];
  const content = type && !path.includes("..") && !path.includes("node_modules") ? await readFile(file).catch(() => null) : null;
  response.writeHead(content ? 200 : 404, { "Content-Type": type ?? "text/plain", "Cache-Control": "no-store" });
  response.end(content ?? "Not found");
});
site.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${site.address().port}/ and http://127.0.0.1:${site.address().port}/react.html`));

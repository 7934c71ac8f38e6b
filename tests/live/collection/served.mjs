// Asks for the operations of the documents that a gateway serves: node served.mjs CONFIG.json NAMED.json,
// with GATEWAY_URL and MESSAGE in the environment. NAMED lists, by document, the operations that `check`
// reports, as "METHOD PATH": they are not answered as declared. Prints {operations, complaints}.
import { readFileSync } from "node:fs";

import { Pool } from "undici";

import { ApiDocument } from "../api_document.mjs";
import { inspect } from "../inspection.mjs";

const MOST = 40; // operations of one document
const { GATEWAY_URL, MESSAGE } = process.env;
const { services } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const named = JSON.parse(readFileSync(process.argv[3], "utf8"));
const pool = new Pool(GATEWAY_URL, { connections: 4 });
let asked = 0;
const complaints = [];
for (const { hosts, contract } of services) {
  try {
    const document = new ApiDocument(contract);
    const operations = document.operations();
    const isNamed = ({ method, path }) => (named[contract] ?? []).some((name) => name.startsWith(`${method} `) && name.endsWith(path));
    // Browsers ask for the icon of every site, so it is answered with one.
    document.operations = () => operations.filter((one) => one.path !== "/favicon.ico" && !isNamed(one));
    const seen = await inspect(document, { pool, message: MESSAGE, host: hosts[0], most: MOST, ids: [{}] });
    asked += seen.operations;
    complaints.push(...seen.complaints.slice(0, 2).map((complaint) => `${contract}: ${complaint.slice(0, 500)}`));
  } catch (error) {
    process.stderr.write(`${contract}: ${error.message}\n`);
  }
}
await pool.close();
process.stdout.write(JSON.stringify({ operations: asked, complaints }));

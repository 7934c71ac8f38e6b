// Asks for the operations of the documents that a gateway serves: node served.mjs CONFIG.json, with
// GATEWAY_URL and MESSAGE in the environment. Prints {operations, complaints}.
import { readFileSync } from "node:fs";

import { Pool } from "undici";

import { ApiDocument } from "../api_document.mjs";
import { inspect } from "../inspection.mjs";

const MOST = 40; // operations of one document
const { GATEWAY_URL, MESSAGE } = process.env;
const { services } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const pool = new Pool(GATEWAY_URL, { connections: 4 });
let operations = 0;
const complaints = [];
for (const { hosts, contract } of services) {
  try {
    const seen = await inspect(new ApiDocument(contract), { pool, message: MESSAGE, host: hosts[0], most: MOST, ids: [{}] });
    operations += seen.operations;
    complaints.push(...seen.complaints.slice(0, 2).map((complaint) => `${contract}: ${complaint.slice(0, 500)}`));
  } catch (error) {
    process.stderr.write(`${contract}: ${error.message}\n`);
  }
}
await pool.close();
process.stdout.write(JSON.stringify({ operations, complaints }));

// Run by broken_contracts_test.py: prints what is wrong with the SARIF report in FOLDER/report.json, by
// the types of SARIF 2.1.0.
import { readFileSync, writeFileSync } from "node:fs";

import { complaints } from "./typescript.mjs";

const [folder] = process.argv.slice(2);
const report = readFileSync(`${folder}/report.json`, "utf8");
writeFileSync(`${folder}/use.ts`, `import type { Log } from "sarif";\nexport const log: Log = ${report};\n`);
for (const complaint of complaints(folder)) console.log(complaint);

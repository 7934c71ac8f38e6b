// Holds the bodies that `check` shows against their documents: node validate.mjs FILE.jsonl, with a
// line {file, bodies: [{method, path, answer, body}]} for each document. Prints {valid, complaints}.
import { createReadStream } from "node:fs";
import readline from "node:readline";

import { ApiDocument, isJson } from "../api_document.mjs";

function typeOf(text) {
  return text.split(";")[0].trim().toLowerCase();
}

// By any of the document's responses that may speak: the operation's own, or one of its errors.
function isValid(document, responses, { answer, body }) {
  const type = typeOf(answer);
  if (!isJson(type)) return true;
  const value = JSON.parse(body);
  return responses.some((response) => Object.entries(response.types).some(([name, schema]) => [type, "*/*"].includes(typeOf(name)) && document.complaint(schema, value) === ""));
}

const complaints = [];
let valid = 0;
for await (const line of readline.createInterface({ input: createReadStream(process.argv[2]) })) {
  const { file, bodies } = JSON.parse(line);
  try {
    const document = new ApiDocument(file);
    const operations = new Map(document.operations().map((operation) => [`${operation.method} ${operation.path}`, operation]));
    const known = new Map();
    for (const one of bodies) {
      // Its base path is before it here.
      const found = [...operations].find(([name]) => name.startsWith(`${one.method} `) && one.path.endsWith(name.slice(one.method.length + 1)));
      const responses = found ? [...found[1].responses, ...document.shared] : document.shared;
      const key = JSON.stringify([one.answer, one.body, found?.[1].by === "shared" ? "" : found?.[0]]);
      const isOpen = document.leavesOpen && found?.[1].by === "shared";
      if (!known.has(key)) known.set(key, isOpen || isValid(document, responses, one));
      valid += known.get(key);
      if (!known.get(key)) complaints.push(`${file}: ${one.method} ${one.path}: ${one.body}`);
    }
  } catch (error) {
    // A document that the validator cannot take says nothing about the gateway.
    valid += bodies.length;
    process.stderr.write(`${file}: ${error.message}\n`);
  }
}
process.stdout.write(JSON.stringify({ valid, complaints }));

// Holds what a gateway answers to every operation of an API document against that document.
import { isJson, isWritable, isXml } from "./api_document.mjs";

// The message as plain text, in JSON and in XML.
function spellings(message) {
  return [message, JSON.stringify(message).slice(1, -1), message.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")];
}

function kindOf(type = "") {
  return type.split(";")[0].trim().toLowerCase();
}

// What is wrong with an answer by a response of the document; "" if nothing is.
function complaint(document, response, method, answer, xml) {
  const missing = response.headers.filter((name) => !(name.toLowerCase() in answer.headers));
  if (missing.length > 0) return `no ${missing}`;
  const type = kindOf(answer.headers["content-type"]);
  const declared = Object.entries(response.types).find(([name]) => kindOf(name) === type || name === "*/*");
  if (!declared) return `type ${type}`;
  if (method === "HEAD") return answer.text === "" ? "" : "a body";
  if (isXml(type)) xml?.add(answer.text);
  return isJson(type) ? document.complaint(declared[1], JSON.parse(answer.text)) : "";
}

// Where the document leaves the body to us, ours is a problem (RFC 9457).
function complaintAboutOwn(answer) {
  if (!["application/problem+json", "application/json"].includes(kindOf(answer.headers["content-type"]))) return "no problem details";
  return JSON.parse(answer.text).status === 503 ? "" : "another status in the body";
}

function allComplaints(document, operation, answer, xml) {
  if (answer.status !== 503) return [`status ${answer.status}`];
  if (!(Number(answer.headers["retry-after"]) >= 1)) return ["no wait"];
  const speaking = operation.responses.filter(({ types }) => Object.keys(types).some(isWritable));
  if (speaking.length === 0) return [complaintAboutOwn(answer)].filter(Boolean);
  const found = [];
  for (const response of speaking) {
    const wrong = complaint(document, response, operation.method, answer, xml);
    if (wrong === "") return [];
    found.push(wrong);
  }
  // Where no form of the API's errors can say it, our own does.
  return operation.by === "shared" && complaintAboutOwn(answer) === "" ? [] : found;
}

// A request's ids are in an answer if the schema has a place that they fit: not every id fits.
const IDS = [{}, { "x-request-id": "r-7" }, { "x-request-id": "4bf92f35-77b3-4da6-a3ce-929d0e0e4736", traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" }];

async function ask({ pool, host }, operation, accept, ids) {
  const { statusCode, headers, body } = await pool.request({ path: operation.target, method: operation.method, headers: { host, accept, ...ids } });
  return { status: statusCode, headers, text: await body.text() };
}

/** Asks for the operations of a document, at most that many and evenly chosen, under every type that
 * they declare: {operations, declared, shared, own, valid, told, complaints}. Bodies in XML go into
 * `xml`. */
export async function inspect(document, { pool, message, host, xml, most = Infinity, ids = IDS }) {
  const seen = { operations: 0, declared: 0, shared: 0, own: 0, valid: 0, told: 0, complaints: [] };
  const all = document.operations();
  const step = Math.max(1, Math.ceil(all.length / most));
  for (const operation of all.filter((_, index) => index % step === 0)) {
    const types = new Set(operation.responses.flatMap(({ types }) => Object.keys(types)).filter(isWritable));
    const complaints = [];
    let told = true;
    // What is shared is one form of several, and comes in no type of the others.
    const asked = operation.by === "shared" ? ["application/json"] : types;
    for (const [accept, known] of [...new Set(["*/*", ...asked])].flatMap((accept) => ids.map((known) => [accept, known]))) {
      const answer = await ask({ pool, host }, operation, accept, known);
      for (const wrong of allComplaints(document, operation, answer, xml)) {
        complaints.push(`${operation.method} ${operation.path} (${operation.by}, ${accept}): ${wrong}: ${answer.text}`);
      }
      told &&= spellings(message).some((text) => answer.text.includes(text));
    }
    seen.operations += 1;
    seen[types.size === 0 ? "own" : operation.by === "shared" ? "shared" : "declared"] += 1;
    seen.valid += complaints.length === 0;
    seen.told += told;
    seen.complaints.push(...complaints);
  }
  return seen;
}

// ---- the session: a token, an operator's name, and calls that carry them

const kept = { token: "intermission.token", operator: "intermission.operator" };
const session = {
  token: sessionStorage.getItem(kept.token) || "",
  operator: sessionStorage.getItem(kept.operator) || "",
  over: new AbortController(),
};

class Refused extends Error {
  constructor(status, { detail = "", field = "" }) {
    super(detail || `The gateway answered with status ${status}.`);
    this.status = status;
    this.field = field;
  }
}

// Field values are printable ASCII; a name keeps what it can of itself.
const asField = (name) => name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^ -~]/g, "?").trim();

function headers(more) {
  return {
    Authorization: `Bearer ${asField(session.token)}`,
    ...(session.operator && { "X-Operator": asField(session.operator) }),
    ...more,
  };
}

// What is answered: an object, or a text. `version` is that of the service that is changed.
async function call(method, path, body, version) {
  const more = {};
  if (body !== undefined) more["Content-Type"] = "application/json";
  if (version !== undefined) more["If-Match"] = `"${version}"`;
  let answer;
  try {
    answer = await fetch(path, {
      method, headers: headers(more), cache: "no-store", signal: session.over.signal,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (session.over.signal.aborted) throw error;
    throw new Refused(0, { detail: "The gateway cannot be reached. Nothing was changed; please try again." });
  }
  const json = /json/.test(answer.headers.get("Content-Type") || "");
  const said = await (json ? answer.json() : answer.text());
  if (answer.ok) return said;
  if (answer.status === 401) logOut("The gateway rejected the token.");
  throw new Refused(answer.status, json ? said : {});
}

// Answers may overtake each other. Of those to the same question only the one to the last asking
// counts; to the others it says undefined.
function lastAnswer() {
  let asked = 0;
  return async (answer) => {
    const mine = ++asked;
    const said = await answer;
    return mine === asked ? said : undefined;
  };
}

// The name of a service or of a window as one segment of a path.
const servicePath = (name, below = "") => `/api/services/${encodeURIComponent(name)}${below}`;

// Server-Sent Events by fetch, for an EventSource cannot carry the token. Ends with the connection.
async function hearEvents(hear) {
  const answer = await fetch("/api/events", { headers: headers(), cache: "no-store", signal: session.over.signal });
  if (!answer.ok) throw new Refused(answer.status, {});
  hear("open");
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let pending = ""; ;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (pending + value).split("\n\n");
    pending = blocks.pop();
    for (const block of blocks) {
      const lines = Object.fromEntries(block.split("\n").filter((line) => line.includes(": ")).map((line) => line.split(/: (.*)/s)));
      if (lines.event) hear(lines.event, JSON.parse(lines.data));
    }
  }
}

// ---- who called

const mostCallers = 100;
let callers = [];

const lastCallers = lastAnswer();

async function refreshCallers() {
  const found = await lastCallers(call("GET", "/api/callers"));
  if (!found) return;
  callers = found.callers;
  showCallers();
}

function showCallers() {
  const wanted = element("search").value.trim().toLowerCase();
  const found = callers.filter((caller) => [caller.kind, caller.agent, caller.service, titleOf(caller.service), caller.lastPath].join(" ").toLowerCase().includes(wanted));
  const rows = element("caller-rows");
  const shown = found.slice(0, mostCallers);
  shown.forEach((caller, i) => fillCaller(rows.children[i] || rows.appendChild(makeCaller()), caller));
  while (rows.children.length > shown.length) rows.lastChild.remove();
  setText(element("more-callers"), callers.length === 0 ? "No calls yet." : found.length === 0 ? "No matching calls." :
    found.length > shown.length ? `${plural(found.length - shown.length, "more", "more")} called before them.` : "");
}

// On a narrow screen each row is a card, and its cells say what they are.
const makeCaller = () => make("tr", {}, make("th", { scope: "row" }),
  ...["Program", "Service", "Calls", "Last path", "Last seen"].map((label) => make("td", { "data-label": label })));

const spellCalls = ({ count, wrongPasses }) =>
  `${count.toLocaleString()}${wrongPasses ? `, ${wrongPasses.toLocaleString()} with a wrong pass` : ""}`;

function fillCaller(row, caller) {
  const texts = [caller.kind, caller.agent || "not named", titleOf(caller.service) || "the gateway itself", spellCalls(caller), caller.lastPath,
    spellAgo(Date.parse(caller.lastSeen))];
  texts.forEach((text, i) => setText(row.children[i], text));
}

element("search").addEventListener("input", showCallers);

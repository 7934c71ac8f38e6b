// ---- instances that share their state, where there are several

let isShared = false;

const lastInstances = lastAnswer();

function showStore(store) {
  isShared = store?.kind === "postgresql";
  const held = store?.held.length ? ` In maintenance at this instance alone: ${store.held.join(", ")}.` : "";
  let away = "";
  if (isShared && !store.reachable) {
    away = `The database cannot be reached since ${spellTime(Date.parse(store.since))}. Clients are answered as before; changes are refused until it is back.`;
  } else if (isShared && store.takesChanges === false) {
    away = `The database takes no changes (${store.problem}). Clients are answered as before.`;
  }
  element("store-trouble").hidden = !away && !held;
  setText(element("store-trouble-text"), away + held);
  element("instances").hidden = !isShared;
}

// With a change: by default it is waited for until all have it.
const waiting = () => (isShared ? "?wait=5s" : "");

function sayMissing({ instances }) {
  if (!instances?.missing.length) return;
  const names = instances.missing.map(({ name }) => name).join(", ");
  setText(element("instances-late"), `The last change is not yet in force at ${names}.`);
}

async function refreshInstances() {
  if (!isShared) return;
  const found = await lastInstances(call("GET", "/api/instances"));
  if (!found) return;
  setText(element("instances-warnings"), found.warnings.map((warning) => `Note: ${warning}.`).join(" "));
  const newest = Math.max(...found.instances.map(({ version }) => version));
  if (found.instances.every((one) => !one.living || one.version === newest)) setText(element("instances-late"), "");
  element("instance-rows").replaceChildren(...found.instances.map((one) => make("tr", {},
    make("th", { scope: "row" }, one.name + (one.self ? " (this one)" : "")),
    ...[["Address", one.address], ["Program", one.program], ["Configuration", one.configuration], ["State", String(one.version)],
      ["Last seen", one.living ? `${one.seenSecondsAgo} s ago` : `${one.seenSecondsAgo} s ago, gone`]]
      .map(([label, text]) => make("td", { "data-label": label }, text)))));
}

// ---- services: one card each, changed in place

const mostCards = 100;
const services = new Map();  // by name, in the order of the configuration
const cards = new Map();

const nameOf = (service) => service.title || (service.name === "default" ? "Everything else" : service.name);

// Not configured as in maintenance: a gate lets its requests pass, a stand-in answers them.
const isOpenAtGate = (service) => service.state === "maintenance" && service.gate === "open";
const isClosed = (service) => service.state === "maintenance" && service.gate !== "open";

function takeServices(list) {
  services.clear();
  for (const service of list) services.set(service.name, service);
  for (const name of cards.keys()) if (!services.has(name)) cards.delete(name);
  showServices();
  offerServices();
}

// An event may be overtaken by the answer to a later change.
function takeService(service) {
  if (services.get(service.name)?.version > service.version) return;
  services.set(service.name, service);
  showServices();
}

async function refreshServices() {
  takeServices((await call("GET", "/api/services")).services);
}

function showServices() {
  const all = [...services.values()];
  const closed = all.filter(isClosed).length;
  setText(element("headline"), closed === 0 ? (all.some(isOpenAtGate) ? "Everything is open at a gate" : "Everything is open") : closed === all.length && closed > 1 ? "Everything is in maintenance" :
    `${plural(closed, "service is", "services are")} in maintenance`);
  document.title = closed ? `(${closed}) Intermission` : "Intermission";
  element("filter-field").hidden = all.length <= 8;
  const wanted = element("filter").value.trim().toLowerCase();
  const found = all.filter((service) => [service.name, service.title, ...service.hosts].join(" ").toLowerCase().includes(wanted));
  // What is in maintenance must not be hidden behind a hundred that are open.
  if (found.length > mostCards) found.sort((a, b) => isClosed(b) - isClosed(a));
  const shown = found.slice(0, mostCards);
  const nodes = shown.map((service) => cardOf(service).node);
  const list = element("cards");
  if (nodes.length !== list.children.length || nodes.some((node, i) => node !== list.children[i])) list.replaceChildren(...nodes);
  setText(element("more-services"), found.length > shown.length ? `${plural(found.length - shown.length, "more", "more")}: find one by its name or host.` :
    found.length === 0 ? "No service matches." : "");
}

function cardOf(service) {
  if (!cards.has(service.name)) cards.set(service.name, makeCard(service.name));
  const card = cards.get(service.name);
  fillCard(card, service);
  return card;
}

function makeCard(name) {
  const part = (tag, attributes, ...children) => make(tag, attributes, ...children);
  const card = {
    title: part("h3", { id: `service-${name}` }), where: part("p", { class: "where" }), lamp: part("strong", { class: "lamp" }),
    when: part("span"), left: part("p", { class: "left" }), passed: part("progress", { max: 1, "aria-label": "Time passed" }),
    message: part("p", { class: "message" }), next: part("p", { class: "next" }), error: part("p", { class: "error", role: "alert" }),
    contract: part("div", { class: "contract" }),
  };
  const deed = (text, does, attributes = {}) => part("button", { type: "button", onclick: does, ...attributes }, text);
  const latest = () => services.get(name);
  card.toggle = deed("", () => (isClosed(latest()) ? askOff(latest()) : askOn(latest())));
  card.extend = part("div", { class: "extend", role: "group", "aria-label": "Extend" },
    ...[15, 30, 60].map((minutes) => {
      const button = deed(`+${minutes} min`, () => attempt(card.error, button, () => extend(latest(), minutes)));
      return button;
    }));
  card.say = deed("Message…", () => askMessage(latest()));
  card.plan = deed("Plan…", () => planFor(latest()));
  card.letIn = deed("Link for a tester…", () => askLetIn(latest()));
  card.auto = deed("Follow the plan…", () => askAuto(latest()));
  card.node = part("li", { class: "card", "aria-labelledby": card.title.id },
    part("div", { class: "who" }, card.title, card.where),
    part("div", { class: "state" }, part("p", {}, card.lamp, " ", card.when), card.left, card.passed, card.next),
    card.message, card.contract, part("div", { class: "deeds" }, card.toggle, card.extend, card.say, card.plan, card.letIn, card.auto), card.error);
  return card;
}

function fillCard(card, service) {
  const closed = isClosed(service);
  const since = service.since && new Date(service.since);
  card.node.classList.toggle("closed", closed);
  setText(card.title, nameOf(service));
  setText(card.where, [service.name !== nameOf(service) && service.name, ...service.hosts.slice(0, 3), service.hosts.length > 3 && "…",
    ...service.paths.filter((path) => path !== "/").slice(0, 3)].filter(Boolean).join(" · "));
  setText(card.lamp, isOpenAtGate(service) ? "Open at a gate" : closed ? "In maintenance" : "Open");
  setText(card.when, isOpenAtGate(service) ? "as a stand-in it answers with its message" : closed && since ? `since ${spellTime(since)}` : "");
  const language = Object.keys(service.message)[0];
  card.message.lang = language;
  card.message.hidden = !closed;
  setText(card.message, service.message[language]);
  setText(card.toggle, closed ? "End maintenance…" : "Start maintenance…");
  card.toggle.classList.toggle("main", closed);
  const known = closed && (service.until || service.switched?.until);
  card.extend.hidden = !known;
  card.letIn.hidden = !closed;
  card.auto.hidden = !service.switched;
  const next = service.window && Date.parse(service.window.start) > now() && service.window;
  card.next.hidden = !next;
  if (next) setText(card.next, `Next window: ${spell(new Date(next.start), shortDay)}, ${spellWindow(new Date(next.start), new Date(next.end))}`);
  fillContract(card.contract, service.contractErrors || []);
  fillTime(card, service);
}

// Clients do not get what their API promises; the card shows where the document is wrong.
function fillContract(node, errors) {
  node.hidden = errors.length === 0;
  if (node.children.length === errors.length && errors.every((error, i) => node.children[i].lastChild.textContent === error)) return;
  node.replaceChildren(...errors.map((error) => make("p", {}, make("strong", {}, "The contract is not used:"), " ", make("span", {}, error))));
}

function fillTime(card, service) {
  const closed = isClosed(service);
  const until = service.until && Date.parse(service.until);
  const since = Date.parse(service.since);
  card.left.hidden = !closed;
  card.passed.hidden = !(until && since < until);
  if (until) {
    setText(card.left, until > now() ? `until ${spellTime(until)}, ${spellSpan(until - now())} left` : `until ${spellTime(until)}`);
    card.passed.value = Math.min(1, Math.max(0, (now() - since) / (until - since)));
  } else {
    setText(card.left, service.switched?.until ? `was to end ${spellTime(Date.parse(service.switched.until))}` : "no end is known");
  }
}

function tickServices() {
  for (const [name, card] of cards) if (services.has(name)) fillTime(card, services.get(name));
}

element("filter").addEventListener("input", showServices);

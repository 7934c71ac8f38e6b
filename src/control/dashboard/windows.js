// ---- planning a window, and taking one away

const dayCodes = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const ordinals = ["", "first", "second", "third", "fourth"];

function offerServices() {
  const select = element("plan-service");
  const chosen = select.value;
  select.replaceChildren(...[...services.values()].map((service) => make("option", { value: service.name }, nameOf(service))));
  if (services.has(chosen)) select.value = chosen;
  showRules();
}

// Midnight of the day in the form, or nothing.
function plannedDay() {
  const day = new Date(`${element("plan-date").value}T00:00`);
  return Number.isNaN(day.valueOf()) ? undefined : day;
}

// Which of its weekday in the month that day is: 1 to 4, or -1 for the last.
const placeInMonth = (day) => (day.getDate() > 28 ? -1 : Math.ceil(day.getDate() / 7));

function repeatsOf(day) {
  const weekday = spell(day, { weekday: "long" });
  const code = dayCodes[day.getDay()];
  const place = placeInMonth(day);
  return [
    ["", "never"],
    ["FREQ=DAILY", "every day"],
    [`FREQ=WEEKLY;BYDAY=${code}`, `every ${weekday}`],
    [`FREQ=WEEKLY;INTERVAL=2;BYDAY=${code}`, `every second ${weekday}`],
    [`FREQ=MONTHLY;BYDAY=${place}${code}`, `every ${ordinals[place] || "last"} ${weekday} of a month`],
  ];
}

const ruleInWords = (rule, start) => repeatsOf(start).find(([known]) => known === rule)?.[1] || rule;

function showPlan() {
  const day = plannedDay() || new Date(now());
  const select = element("plan-repeat");
  const chosen = select.selectedIndex;
  select.replaceChildren(...repeatsOf(day).map(([rule, words]) => make("option", { value: rule }, words)));
  select.selectedIndex = Math.max(0, chosen);
  const from = element("plan-from").value;
  const to = element("plan-to").value;
  setText(element("plan-words"), plannedDay() && from && to && to <= from ? "It ends on the next day." : "");
}

function planFor(service, day) {
  if (service) element("plan-service").value = service.name;
  if (day) element("plan-date").value = dateValue(day);
  showPlan();
  showRules();
  if (service) {
    element("plan-form").scrollIntoView({ block: "nearest" });
    element("plan-date").focus();
  }
}

// The window as the configuration would write it: on the clock of the operator's zone, so that it
// stays there when the clocks change.
function windowFromForm() {
  const day = plannedDay();
  if (!day) throw new Refused(422, { detail: "Enter a date." });
  const from = element("plan-from").value;
  const to = element("plan-to").value;
  if (!from || !to) throw new Refused(422, { detail: "Enter a start and an end time." });
  if (from === to) throw new Refused(422, { detail: "Start and end are the same time." });
  const last = new Date(day);
  if (to < from) last.setDate(last.getDate() + 1);
  const rule = element("plan-repeat").value;
  return { start: `${dateValue(day)}T${from}:00`, end: `${dateValue(last)}T${to}:00`, zone, ...(rule && { rrule: rule }) };
}

element("plan-form").addEventListener("input", (event) => {
  showPlan();
  if (event.target.id === "plan-service") showRules();
  if (event.target.id === "plan-date" && plannedDay()) chooseDay(plannedDay());
});

element("plan-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(element("plan-error"), event.submitter, async () => {
    const service = { ...services.get(element("plan-service").value) };
    const planned = windowFromForm();
    await change(service, "POST", "/windows", planned);
    say(`${nameOf(service)}: the window is planned.`);
    chooseDay(plannedDay());
    refreshWindows();
  });
});

// ---- what is planned for the service in the form

const lastRules = lastAnswer();

async function showRules() {
  const service = services.get(element("plan-service").value);
  if (!service) return;
  const found = await lastRules(call("GET", servicePath(service.name, "/windows")));
  if (!found) return;
  const { planned, configured } = found;
  setText(element("rules-title"), `Planned windows of ${nameOf(service)}`);
  const remove = (label, id, words) => make("button", { type: "button", "aria-label": `${label}: ${words}`, onclick: () => askRemove(service.name, id, words) }, label);
  const held = element("rules").contains(document.activeElement);
  element("rules").replaceChildren(
    ...planned.map(({ id, window }) => {
      const words = windowInWords(window);
      return make("li", {}, make("span", {}, words), remove("Remove", id, words));
    }),
    ...configured.map(({ id, start, end, cancelled }) => {
      const words = `${spell(new Date(start), shortDay)}, ${spellWindow(new Date(start), new Date(end))}`;
      return make("li", {}, make("span", {}, cancelled ? make("s", {}, words) : words, " ", make("small", {}, cancelled ? "cancelled" : "by configuration")),
        cancelled ? undefined : remove("Cancel", id, words));
    }));
  if (!element("rules").children.length) element("rules").append(make("li", { class: "hint" }, "No windows yet."));
  if (held) (element("rules").querySelector("button") || element("plan-service")).focus();
}

function windowInWords({ start, end, for: lasts, zone: where, rrule }) {
  const first = new Date(start);
  const last = end && new Date(end);
  const times = last ? spellWindow(first, last) : `${spell(first, clock)}, for ${lasts}`;
  const when = rrule ? `${ruleInWords(rrule, first)} from ${spell(first, shortDay)} on` : spell(first, shortDay);
  return `${when}, ${times}${where && where !== zone ? ` (${where})` : ""}`;
}

function askRemove(name, id, words) {
  askSure(services.get(name), {
    title: "Remove this window?",
    words: `${nameOf(services.get(name))}: ${words}.`,
    does: "Remove it",
    then: async (subject) => {
      await change(subject, "DELETE", `/windows/${encodeURIComponent(id)}`);
      showRules();
      refreshWindows();
      return "The window was removed.";
    },
  });
}

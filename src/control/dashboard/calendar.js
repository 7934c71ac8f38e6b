// ---- the month: a grid of days with their windows, walked by arrow keys (ARIA's grid pattern)

let chosenDay = new Date(now());
let windows = [];  // of the weeks that are shown

const weekStart = (() => {
  const locale = new Intl.Locale(navigator.language || "en");
  return ((locale.getWeekInfo?.() || locale.weekInfo || {}).firstDay ?? 1) % 7;
})();

function addDays(day, count) {
  const moved = new Date(day);
  moved.setDate(moved.getDate() + count);
  return moved;
}

// The same day of another month, or the last one that it has.
function addMonths(day, count) {
  const first = new Date(day.getFullYear(), day.getMonth() + count, 1);
  const last = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
  return new Date(first.getFullYear(), first.getMonth(), Math.min(day.getDate(), last));
}

function weeksShown() {
  const first = new Date(chosenDay.getFullYear(), chosenDay.getMonth(), 1);
  const start = addDays(first, -((first.getDay() - weekStart + 7) % 7));
  const days = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
  const weeks = Math.ceil((days + (first.getDay() - weekStart + 7) % 7) / 7);
  return Array.from({ length: weeks }, (_, week) => Array.from({ length: 7 }, (_, day) => addDays(start, 7 * week + day)));
}

const windowsOn = (day) => windows.filter(({ start, end }) => start < addDays(day, 1) && end > day);

const lastWindows = lastAnswer();

async function refreshWindows() {
  const weeks = weeksShown();
  const utc = (date) => date.toISOString().replace(/\.\d+/, "");
  const from = utc(weeks[0][0]);
  const until = utc(addDays(weeks.at(-1)[6], 1));
  const found = await lastWindows(call("GET", `/api/windows?from=${from}&until=${until}`));
  if (!found) return;
  windows = found.windows.map(({ service, start, end }) => ({ service, start: new Date(start), end: new Date(end) }));
  showMonth();
}

function chooseDay(day, { focus = false } = {}) {
  const other = day.getMonth() !== chosenDay.getMonth() || day.getFullYear() !== chosenDay.getFullYear();
  chosenDay = new Date(day.getFullYear(), day.getMonth(), day.getDate());
  showMonth({ focus });
  if (other) refreshWindows().catch(noteTrouble);
}

function showMonth({ focus = false } = {}) {
  setText(element("month-name"), spell(chosenDay, { month: "long", year: "numeric" }));
  const held = element("days").contains(document.activeElement);
  element("days").replaceChildren(...weeksShown().map((week) => make("tr", {}, ...week.map(makeDay))));
  if (held || focus) element("days").querySelector("[tabindex='0']").focus();
  const names = windowsOn(new Date(chosenDay.toDateString()));
  setText(element("day-name"), spell(chosenDay, longDay));
  element("day-windows").replaceChildren(...names.map(({ service, start, end }) =>
    make("li", {}, make("span", {}, make("strong", {}, titleOf(service)), ` ${spellWindow(start, end)}`))));
  if (names.length === 0) element("day-windows").append(make("li", { class: "hint" }, "No windows on this day."));
}

const titleOf = (name) => (services.has(name) ? nameOf(services.get(name)) : name);

function makeDay(day) {
  const found = windowsOn(day);
  const chosen = sameDay(day, chosenDay);
  const label = `${spell(day, longDay)}${found.length ? `, ${plural(found.length, "window", "windows")}` : ""}`;
  const button = make("button", {
    type: "button", tabindex: chosen ? 0 : -1, "aria-label": label, "aria-pressed": String(chosen),
    class: [day.getMonth() !== chosenDay.getMonth() && "other", sameDay(day, now()) && "today"].filter(Boolean).join(" ") || undefined,
    onclick: () => {
      chooseDay(day, { focus: true });
      planFor(undefined, day);
    },
  }, make("span", { class: "number" }, String(day.getDate())),
  ...found.slice(0, 2).map(({ service, start }) => make("span", { class: "mark" }, start < day ? "…" : spell(start, clock), " ", titleOf(service))),
  found.length > 2 ? make("span", { class: "mark" }, `+${found.length - 2}`) : undefined);
  return make("td", { role: "gridcell" }, button);
}

element("month").addEventListener("keydown", (event) => {
  const fromStart = (chosenDay.getDay() - weekStart + 7) % 7;
  const moves = {
    ArrowLeft: () => addDays(chosenDay, -1), ArrowRight: () => addDays(chosenDay, 1),
    ArrowUp: () => addDays(chosenDay, -7), ArrowDown: () => addDays(chosenDay, 7),
    Home: () => addDays(chosenDay, -fromStart), End: () => addDays(chosenDay, 6 - fromStart),
    PageUp: () => addMonths(chosenDay, -1), PageDown: () => addMonths(chosenDay, 1),
  };
  if (!moves[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  chooseDay(moves[event.key](), { focus: true });
});

element("before").addEventListener("click", () => chooseDay(addMonths(chosenDay, -1)));
element("after").addEventListener("click", () => chooseDay(addMonths(chosenDay, 1)));

function startCalendar() {
  const today = new Date(now());
  setText(element("zone"), zone);
  element("weekdays").replaceChildren(make("tr", {}, ...weeksShown()[0].map((day) =>
    make("th", { scope: "col", abbr: spell(day, { weekday: "long" }) }, spell(day, { weekday: "short" })))));
  element("plan-date").value = dateValue(addDays(today, 1));
  element("plan-from").value = "22:00";
  element("plan-to").value = "23:00";
  showPlan();
  chooseDay(today);
  return refreshWindows();
}

// ---- requests as they come, stacked: the last hour by minute, or the last three minutes by two seconds

const spans = {
  hour: { bars: 60, words: "The last hour, by minute", from: "an hour ago" },
  minutes: { bars: 90, words: "The last three minutes", from: "three minutes ago" },
};
const sampleMilliseconds = 2000;
const mostSeries = 7;  // the rest is one
const samples = [];    // {at, minute, counts}: what was counted since the start, by kind and by service
const hour = new Map();  // what was counted in each minute of it, by the minute's number
const series = { kind: [], service: [] };  // names in the order in which they got their colour

const chosen = (name) => document.querySelector(`input[name=${name}]:checked`).value;
const seriesName = (by, name) => (by === "service" ? (name ? titleOf(name) : "the gateway itself") : name);

const add = (counts, name, count) => counts.set(name, (counts.get(name) || 0) + count);
const sum = (counts) => [...counts.values()].reduce((a, b) => a + b, 0);

// Both ways at once. What the gateway could not tell apart has no name here.
function countBoth(answers) {
  const counts = { kind: new Map(), service: new Map() };
  for (const answer of answers) {
    for (const by of ["kind", "service"]) {
      const name = answer.kind === "others" ? undefined : answer[by];
      add(counts[by], name, answer.count);
      if (name !== undefined && !series[by].includes(name)) series[by].push(name);
    }
  }
  return counts;
}

const minuteOf = (time) => Math.floor(Date.parse(time) / 60000);
const lastSample = lastAnswer();
const lastHour = lastAnswer();

async function refreshHour() {
  const found = await lastHour(call("GET", "/api/history"));
  if (!found) return;
  hour.clear();
  for (const { at, answers } of found.minutes) hour.set(minuteOf(at), countBoth(answers));
}

async function sample() {
  const found = await lastSample(call("GET", "/api/answers"));
  if (!found) return;
  const now = { at: performance.now(), minute: minuteOf(found.now), counts: countBoth(found.answers) };
  const before = samples.at(-1);
  // After a pause (a page that was hidden, a gateway that was away) nothing is known of between.
  const paused = !before || now.at - before.at > 3 * sampleMilliseconds;
  if (paused) samples.length = 0;
  samples.push(now);
  if (samples.length > spans.minutes.bars + 1) samples.shift();
  if (paused || now.minute !== before.minute) await refreshHour();
  else addToHour(before, now);
  showChart();
}

// A gateway that started anew counts from 0.
const cameSince = (before, [name, count], by) => Math.max(0, count - (before.counts[by].get(name) || 0));

// Between two readings of the whole hour: what came since the last sample.
function addToHour(before, now) {
  if (!hour.has(now.minute)) hour.set(now.minute, { kind: new Map(), service: new Map() });
  for (const by of ["kind", "service"]) {
    for (const entry of now.counts[by]) {
      const came = cameSince(before, entry, by);
      if (came) add(hour.get(now.minute)[by], entry[0], came);
    }
  }
}

// Requests a second by name, for each pair of samples; the oldest first.
function ratesOf(by) {
  return samples.slice(1).map((now, i) => {
    const seconds = (now.at - samples[i].at) / 1000;
    return new Map([...now.counts[by]].map((entry) => [entry[0], cameSince(samples[i], entry, by) / seconds]));
  });
}

// Requests by name for each minute; the oldest first.
function minutesOf(by) {
  const last = samples.at(-1).minute;
  return Array.from({ length: spans.hour.bars }, (_, i) => hour.get(last - spans.hour.bars + 1 + i)?.[by] || new Map());
}

// All that came in the hour, by name.
function hourOf(by) {
  const total = new Map();
  for (const counts of minutesOf(by)) for (const [name, count] of counts) add(total, name, count);
  return total;
}

// A round number that is no smaller.
function roundUp(value) {
  const ten = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 3, 4, 6, 8, 10].find((step) => step * ten >= value) * ten;
}

function shownSeries(by) {
  const total = samples.at(-1).counts[by];
  const largest = [...total.keys()].sort((a, b) => total.get(b) - total.get(a)).slice(0, mostSeries);
  return series[by].filter((name) => largest.includes(name));
}

const svg = (name, attributes, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

function showChart() {
  if (!samples.length) return;
  const by = chosen("by");
  const span = spans[chosen("span")];
  const names = shownSeries(by);
  const colour = (name) => `c${series[by].indexOf(name) % mostSeries}`;
  const rates = ratesOf(by);
  drawBars(span === spans.hour ? minutesOf(by) : rates, span.bars, names, colour);
  const last = rates.at(-1) || new Map();
  setText(element("chart-from"), span.from);
  setText(element("chart-words"), `${span.words}; ${spellRate(sum(last))} requests a second now.`);
  showLegend(by, names, colour, last);
}

const spellRate = (rate) => rate.toLocaleString(undefined, { maximumFractionDigits: rate < 10 ? 1 : 0 });

function drawBars(values, bars, names, colour) {
  const top = roundUp(Math.max(1, ...values.map(sum)));
  const chart = element("chart");
  const width = chart.clientWidth || 600;
  const height = chart.clientHeight || 200;
  const step = width / bars;
  const scale = (height - 1) / top;
  chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const lines = [0.5, 1].map((part) => {
    const y = height - part * top * scale + 0.5;
    return svg("g", {}, svg("line", { x1: 0, x2: width, y1: y, y2: y }), svg("text", { x: 0, y: y + 14 }, spellRate(part * top)));
  });
  const drawn = values.flatMap((rate, i) => {
    let y = height;
    const x = width - (values.length - i) * step;
    const piece = (value, name) => {
      y -= value * scale;
      return svg("rect", { x, y, width: Math.max(1, step - 1), height: value * scale, class: name });
    };
    let others = 0;
    for (const [name, value] of rate) if (!names.includes(name)) others += value;
    return [...names.filter((name) => rate.get(name)).map((name) => piece(rate.get(name), colour(name))), ...(others ? [piece(others, "others")] : [])];
  });
  chart.replaceChildren(...lines, svg("line", { x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }), ...drawn);
}

function showLegend(by, names, colour, last) {
  const total = samples.at(-1).counts[by];
  const inHour = hourOf(by);
  const others = [...new Set([...total.keys(), ...inHour.keys()])].filter((name) => !names.includes(name));
  const together = (map) => others.reduce((count, name) => count + (map.get(name) || 0), 0);
  const row = (swatch, name, ...numbers) => make("tr", {},
    make("th", { scope: "row" }, make("span", { class: `swatch ${swatch}` }), name), ...numbers.map((number) => make("td", {}, number)));
  const count = (number = 0) => number.toLocaleString();
  setText(element("legend-name"), by === "kind" ? "Kind of client" : "Service");
  const sorted = [...names].sort((a, b) => total.get(b) - total.get(a));
  element("legend").replaceChildren(...sorted.map((name) => row(colour(name), seriesName(by, name), spellRate(last.get(name) || 0), count(inHour.get(name)), count(total.get(name)))),
    ...(others.length ? [row("others", plural(others.length, "other", "others"), spellRate(together(last)), count(together(inHour)), count(together(total)))] : []));
  if (!total.size) element("legend").append(make("tr", {}, make("td", { colspan: 4, class: "hint" }, "No calls yet.")));
}

for (const choice of document.querySelectorAll("input[name=by], input[name=span]")) choice.addEventListener("change", showChart);
new ResizeObserver(showChart).observe(element("chart"));

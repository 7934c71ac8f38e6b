// ---- requests as they come: bars of two seconds, stacked, for the last three minutes

const bars = 90;
const barMilliseconds = 2000;
const mostSeries = 7;  // the rest is one
const samples = [];    // {at, counts}: what was counted since the start, by kind and by service
const series = { kind: [], service: [] };  // names in the order in which they got their colour

const chosenSeries = () => document.querySelector("input[name=by]:checked").value;
const seriesName = (by, name) => (by === "service" ? (name ? titleOf(name) : "the gateway itself") : name);

async function sample() {
  const { answers } = await call("GET", "/api/answers");
  const counts = { kind: new Map(), service: new Map() };
  for (const answer of answers) {
    for (const by of ["kind", "service"]) {
      counts[by].set(answer[by], (counts[by].get(answer[by]) || 0) + answer.count);
      if (!series[by].includes(answer[by])) series[by].push(answer[by]);
    }
  }
  const at = performance.now();
  // After a pause (a page that was hidden, a gateway that was away) nothing is known of between.
  if (samples.length && at - samples.at(-1).at > 3 * barMilliseconds) samples.length = 0;
  samples.push({ at, counts });
  if (samples.length > bars + 1) samples.shift();
  showChart();
}

// Requests a second by name, for each pair of samples; the oldest first.
function ratesOf(by) {
  return samples.slice(1).map(({ at, counts }, i) => {
    const before = samples[i];
    const seconds = (at - before.at) / 1000;
    const rates = new Map();
    for (const [name, count] of counts[by]) {
      // A gateway that started anew counts from 0.
      const came = count - (before.counts[by].get(name) || 0);
      rates.set(name, Math.max(0, came) / seconds);
    }
    return rates;
  });
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
  const by = chosenSeries();
  const names = shownSeries(by);
  const colour = (name) => `c${series[by].indexOf(name) % mostSeries}`;
  const rates = ratesOf(by);
  const sum = (rate) => [...rate.values()].reduce((a, b) => a + b, 0);
  const top = roundUp(Math.max(1, ...rates.map(sum)));
  drawBars(rates, names, colour, top);
  const last = rates.at(-1) || new Map();
  setText(element("chart-words"), `The last three minutes; ${spellRate(sum(last))} requests a second now.`);
  showLegend(by, names, colour, last);
}

const spellRate = (rate) => rate.toLocaleString(undefined, { maximumFractionDigits: rate < 10 ? 1 : 0 });

function drawBars(rates, names, colour, top) {
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
  const drawn = rates.flatMap((rate, i) => {
    let y = height;
    const x = width - (rates.length - i) * step;
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
  const others = [...total.keys()].filter((name) => !names.includes(name));
  const add = (map) => others.reduce((count, name) => count + (map.get(name) || 0), 0);
  const row = (swatch, name, rate, count) => make("tr", {},
    make("th", { scope: "row" }, make("span", { class: `swatch ${swatch}` }), name), make("td", {}, spellRate(rate)), make("td", {}, count.toLocaleString()));
  setText(element("legend-name"), by === "kind" ? "Kind of client" : "Service");
  const sorted = [...names].sort((a, b) => total.get(b) - total.get(a));
  element("legend").replaceChildren(...sorted.map((name) => row(colour(name), seriesName(by, name), last.get(name) || 0, total.get(name))),
    ...(others.length ? [row("others", plural(others.length, "other", "others"), add(last), add(total))] : []));
  if (!total.size) element("legend").append(make("tr", {}, make("td", { colspan: 3, class: "hint" }, "Nobody has called yet.")));
}

for (const choice of document.querySelectorAll("input[name=by]")) choice.addEventListener("change", showChart);
new ResizeObserver(showChart).observe(element("chart"));

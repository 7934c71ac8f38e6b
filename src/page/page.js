"use strict";
(() => {
  const page = document.documentElement;
  const element = (id) => document.getElementById(id);
  const posted = "posted" in page.dataset;

  // What the answer's head says of itself, where the browser lets a page read it.
  const navigation = (performance.getEntriesByType("navigation") || [])[0] || {};
  const timing = (name) => (navigation.serverTiming || []).find((entry) => entry.name === name);

  // The live region says only what is new, and nothing that passes by itself.
  let saying = "";
  const say = (what) => {
    if (saying === what || !element("said")) return;
    saying = what;
    element("said").textContent = element("said").dataset[what] || "";
  };

  // ---- times, in the visitor's own zone and habits

  const own = (navigator.languages || []).find((tag) => tag.split("-")[0] === page.lang.split("-")[0]);
  const locale = own || page.lang;
  const zone = page.dataset.zone || "UTC";
  const spell = (date, options) => {
    try {
      return new Intl.DateTimeFormat(locale, options).format(date);
    } catch {
      return new Intl.DateTimeFormat(undefined, { ...options, timeZone: "UTC" }).format(date);
    }
  };
  const clock = { hour: "numeric", minute: "2-digit" };
  const day = { weekday: "long", day: "numeric", month: "long" };

  for (const time of document.querySelectorAll("time")) {
    const date = new Date(time.dateTime);
    const today = spell(date, day) === spell(Date.now(), day);
    const here = spell(date, today ? clock : { ...day, ...clock });
    const there = spell(date, { ...clock, timeZone: zone, timeZoneName: "short" });
    time.textContent = here;
    if (spell(date, { ...day, ...clock }) !== spell(date, { ...day, ...clock, timeZone: zone }) || !today) {
      const small = document.createElement("small");
      small.textContent = there;
      time.append(" ", small);
    }
  }

  const until = element("until") && new Date(element("until").dateTime);
  const first = document.querySelector("time");
  const since = first !== element("until") && first ? new Date(first.dateTime) : new Date();

  const inWords = (seconds) => {
    const steps = [[86400, "day"], [3600, "hour"], [60, "minute"]];
    const [size, unit] = steps.find(([size]) => seconds >= 2 * size) || steps[2];
    return new Intl.RelativeTimeFormat(locale, { numeric: "always" }).format(Math.max(1, Math.round(seconds / size)), unit);
  };

  const tell = () => {
    const seconds = (until - Date.now()) / 1000;
    const passed = Math.min(1, Math.max(0, (Date.now() - since) / (until - since)));
    element("left").textContent = seconds > 0 ? inWords(seconds) : "";
    if (seconds <= 0 && !saying) say("later");
    const progress = element("progress");
    if (progress) {
      progress.hidden = !(until > since);
      progress.value = passed;
    }
    page.style.setProperty("--passed", passed.toFixed(4));
  };
  if (until && element("left")) {
    tell();
    setInterval(tell, 15000);
  }

  // ---- a reference for support

  const reference = timing("request");
  if (reference && reference.description && element("reference")) {
    const id = document.createElement("code");
    id.textContent = reference.description;
    element("reference").append(element("reference").dataset.text, " ", id);
  }

  // ---- what a service worker of the application has kept

  // It may keep whatever it gets, and show it for ever. So this page goes out of its caches, and so
  // does every other answer of the gateway.
  const isOurs = (request, kept) =>
    (kept && kept.headers.has("X-Maintenance")) || new URL(request.url).pathname.startsWith("/.well-known/intermission/");

  async function forget(...urls) {
    try {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const url of urls) await cache.delete(url, { ignoreVary: true });
        for (const request of await cache.keys()) {
          if (isOurs(request, await cache.match(request))) await cache.delete(request, { ignoreVary: true });
        }
      }
    } catch {
      // There are none: over plain HTTP, or in a frame of another origin.
    }
  }

  const isControlled = () => Boolean(navigator.serviceWorker && navigator.serviceWorker.controller);

  // ---- the way back

  // Seconds that the gateway asks clients to wait; pauses grow from there and scatter, so that
  // not everybody comes back at once.
  let wait = (timing("wait") || {}).duration || Number(page.dataset.wait) || 60;
  let pause = 0;
  let timer = 0;
  let last = Date.now();
  let looking = false;

  const plan = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    pause = Math.max(wait, Math.min(pause * 1.5, 600));
    timer = setTimeout(look, pause * (1 + Math.random() / 5) * 1000);
  };

  // Every answer of the service itself counts, its errors below 500 and redirects included. That of a
  // router which knows no route does not.
  const isService = (answer) =>
    answer.type === "opaqueredirect" ||
    (answer.status < 500 && !answer.headers.has("X-Maintenance") && !answer.headers.has("X-Cf-RouterError"));

  const ask = (method, url) =>
    fetch(url, { method, headers: { Accept: "text/html" }, cache: "no-store", redirect: "manual" });

  // A cache holds no answers to HEAD, so a service worker has none to give. But one that keeps whatever
  // it gets fails over it; then it gets a URL that it has never seen.
  async function askService() {
    try {
      return await ask("HEAD", location.href);
    } catch (error) {
      if (!isControlled()) throw error;
      const page = location.href.split("#")[0];
      const once = `${page}${page.includes("?") ? "&" : "?"}intermission=${Date.now()}`;
      const answer = await ask("GET", once);
      await forget(once);
      return answer;
    }
  }

  async function look() {
    if (looking) return;
    looking = true;
    last = Date.now();
    try {
      const answer = await askService();
      if (isControlled()) await forget(location.href);
      if (isService(answer)) return comeBack();
      wait = Number(answer.headers.get("Retry-After")) || wait;
      if (saying === "offline") say("");
    } catch {
      if (navigator.onLine === false) say("offline");
    } finally {
      looking = false;
    }
    plan();
  }

  function comeBack() {
    say("back");
    // A form is never sent again: its sender chooses where to go.
    if (!posted) location.reload();
  }

  // A visitor who returns to the window or to the network need not wait long, but five seconds always pass
  // between two requests.
  const lookSoon = () => {
    const rest = 5000 - (Date.now() - last);
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(0, rest));
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : lookSoon()));
  addEventListener("online", lookSoon);
  addEventListener("offline", () => {
    clearTimeout(timer);
    say("offline");
  });

  const choice = element("choice");
  if (choice && history.length > 1) {
    const form = document.createElement("button");
    form.type = "button";
    form.textContent = choice.dataset.form;
    form.addEventListener("click", () => history.back());
    choice.prepend(form);
  }
  if (element("watching")) element("watching").textContent = element("watching").dataset.text;
  forget(location.href);
  // What a service worker shows may be old. After a reload, which may have been this script's, there is
  // no hurry.
  if (isControlled() && navigation.type !== "reload") look();
  else plan();
})();

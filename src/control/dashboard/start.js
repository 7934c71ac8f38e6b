// ---- log in, stay in touch, log out

const pollMilliseconds = 2000;
let timer = 0;

function logOut(why = "") {
  session.over.abort();
  clearInterval(timer);
  for (const key of Object.values(kept)) sessionStorage.removeItem(key);
  session.token = "";
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  services.clear();
  cards.clear();
  samples.length = 0;
  hour.clear();
  for (const id of ["cards", "rules", "day-windows", "days", "legend", "caller-rows", "change-lines", "chart"]) element(id).replaceChildren();
  element("explained").textContent = element("request").value = "";
  showLogin(why);
}

function showLogin(why = "") {
  document.title = "Intermission";
  element("app").hidden = true;
  element("login").hidden = false;
  element("token").value = "";
  element("operator").value = session.operator;
  element("login-error").textContent = why;
  element("token").toggleAttribute("aria-invalid", Boolean(why));
  element("token").focus();
}

element("login-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(element("login-error"), event.submitter, async () => {
    session.over = new AbortController();
    session.token = element("token").value.trim();
    session.operator = element("operator").value.trim();
    if (!session.token) throw new Refused(401, { detail: "Enter a token." });
    await enter();
    sessionStorage.setItem(kept.token, session.token);
    sessionStorage.setItem(kept.operator, session.operator);
    element("headline").focus();
  });
});

element("logout").addEventListener("click", () => logOut());

// Shown when all of it is there: nothing moves away under a hand that has begun to use it.
async function enter() {
  await refreshStatus();
  await refreshServices();
  await Promise.all([startCalendar(), sample(), refreshCallers(), showChanges(), refreshInstances()]);
  element("login").hidden = true;
  element("app").hidden = false;
  showChart();  // only now it knows its width
  timer = setInterval(poll, pollMilliseconds);
  stayInTouch(session.over.signal);
}

async function refreshStatus() {
  const status = await call("GET", "/api/status");
  skew = Date.parse(status.now) - Date.now();
  if (Math.abs(skew) < 2000) skew = 0;  // it counts whole seconds
  setText(element("program"), `Intermission ${status.program}`);
  showProblem(status.configuration.problem);
  showStore(status.store);
}

// ---- what is wrong with the configuration that was read last

function showProblem(problem) {
  element("trouble").hidden = !problem;
  setText(element("trouble-text"), problem ? `The new configuration was rejected; the old one stays in force: ${problem}` : "");
}

element("reload").addEventListener("click", (event) =>
  attempt(element("trouble-text"), event.currentTarget, async () => {
    try {
      await call("POST", "/api/reload");
      say("The configuration was reloaded.");
    } catch (error) {
      if (error.status !== 422) throw error;
    }
    await refreshStatus();
  }));

// ---- staying in touch

function setLive(live) {
  setText(element("live"), live ? "Live" : "The gateway does not answer. Trying again…");
  element("live").classList.toggle("lost", !live);
}

function noteTrouble(error) {
  if (error.status === 0) setLive(false);
}

async function poll() {
  if (document.hidden) return;
  tickServices();
  try {
    await Promise.all([sample(), refreshCallers(), ...(isShared ? [refreshStatus(), refreshInstances()] : [])]);
  } catch (error) {
    noteTrouble(error);
  }
}

// Events arrive from the moment of the request on; what came before is read here.
function catchUp() {
  return Promise.all([refreshStatus(), refreshServices(), refreshWindows(), showChanges()]).catch(noteTrouble);
}

function hear(event, data) {
  if (event === "open") {
    setLive(true);
    catchUp();
  }
  if (event === "service") {
    takeService(data);
    showChanges();
    refreshWindows();
    if (element("plan-service").value === data.name) showRules();
  }
  if (event === "lost") catchUp();
  if (event === "reload") {
    showProblem(data.problem);
    catchUp();
  }
}

// Whenever the events end they are asked for again.
async function stayInTouch(over) {
  while (!over.aborted) {
    try {
      await hearEvents(hear);
    } catch {
      // The line below says what there is to say.
    }
    if (over.aborted) return;
    setLive(false);
    await new Promise((ready) => setTimeout(ready, pollMilliseconds));
  }
}

document.addEventListener("visibilitychange", () => {
  if (session.token && !document.hidden) poll();
});

if (session.token) enter().catch((error) => (session.token ? showLogin(error.message) : undefined));
else showLogin();

// ---- changes to a service, each confirmed against the version that was looked at

// What is changed: the service as it was when the dialog opened. If somebody else was quicker,
// nothing happens, the dialog stays as it is, and the next attempt is against what is there then.
async function change(subject, method, below, body) {
  try {
    const said = await call(method, servicePath(subject.name, below) + waiting(), body, subject.version);
    takeService(said);
    sayMissing(said);
  } catch (error) {
    if (error.status === 412) {
      const found = await call("GET", servicePath(subject.name));
      takeService(found);
      subject.version = found.version;
      const state = found.state === "maintenance" ? `in maintenance${found.until ? ` until ${spellTime(Date.parse(found.until))}` : ""}` : "open";
      throw new Refused(412, { detail: `Another operator changed ${nameOf(found)}: it is now ${state}. Your change was not made; repeat it if you still want it.` });
    }
    throw error;
  }
  showChanges();
}

async function extend(service, minutes) {
  const subject = { ...service };
  await change(subject, "POST", "/extend", { by: `${minutes}m` });
  const after = services.get(service.name);
  say(`${nameOf(after)}: until ${spellTime(Date.parse(after.until))}.`);
}

let subject;  // of the dialog that is open

function fillMessages(into, service) {
  element(into).replaceChildren(...Object.entries(service.message).map(([language, text]) => {
    const area = make("textarea", { rows: 2, lang: language, "data-language": language, id: `${into}-${language}` });
    area.value = text;
    const several = Object.keys(service.message).length > 1;
    return make("p", { class: "field" }, make("label", { for: area.id }, several ? `Message (${language})` : "Message"), area);
  }));
}

function messagesOf(into) {
  const areas = [...element(into).querySelectorAll("textarea")];
  if (areas.some((area) => !area.value.trim())) throw new Refused(422, { detail: "A message cannot be empty." });
  return Object.fromEntries(areas.map((area) => [area.dataset.language, area.value.trim()]));
}

const changed = (message) => JSON.stringify(message) !== JSON.stringify(subject.message);

function open(dialog, service, title) {
  subject = { ...service };
  for (const error of dialog.querySelectorAll(".error")) error.textContent = "";
  setText(dialog.querySelector("h2"), title);
  dialog.showModal();
}

// ---- on

function askOn(service) {
  const form = element("on-form");
  form.reset();
  const soon = new Date(now() + 3600e3);
  element("until").value = `${dateValue(soon)}T${timeValue(soon)}`;
  chooseEnd();
  fillMessages("on-messages", service);
  open(element("on"), service, `Start maintenance of ${nameOf(service)}?`);
}

const chosenEnd = () => element("on-form").elements.lasts.value;

function chooseEnd() {
  element("until-field").hidden = chosenEnd() !== "until";
  element("ends-field").hidden = chosenEnd() === "";
}
element("on-form").addEventListener("change", chooseEnd);

element("on-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(element("on-error"), event.submitter, async () => {
    const body = {};
    const lasts = chosenEnd();
    if (lasts === "until") {
      const until = new Date(element("until").value);
      if (Number.isNaN(until.valueOf())) throw new Refused(422, { detail: "Enter a date and a time." });
      body.until = until.toISOString().replace(/\.\d+/, "");
    } else if (lasts) {
      body.for = lasts;
    }
    if (lasts && element("ends").checked) body.ends = true;
    const message = messagesOf("on-messages");
    if (changed(message)) body.message = message;
    await change(subject, "POST", "/on", body);
    element("on").close();
    say(`${nameOf(subject)} is in maintenance.`);
  });
});

// ---- questions with one answer: open it, follow the plan, take a window away

let agreed;

function askSure(service, { title, words, does, then }) {
  agreed = then;
  setText(element("sure-words"), words);
  setText(element("sure-do"), does);
  open(element("sure"), service, title);
}

element("sure-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(element("sure-error"), element("sure-do"), async () => {
    const said = await agreed(subject);
    element("sure").close();
    say(said);
  });
});

function askOff(service) {
  const next = service.window && Date.parse(service.window.start) > now() && service.window;
  askSure(service, {
    title: `End maintenance of ${nameOf(service)}?`,
    words: `Clients are served again at once.${service.messageByOperator ? " The message set for this maintenance is removed." : ""}` +
      `${next ? ` The window of ${spellTime(Date.parse(next.start))} stays planned.` : ""}`,
    does: "End maintenance",
    then: async (subject) => {
      await change(subject, "POST", "/off");
      return `${nameOf(subject)} is open.`;
    },
  });
}

function askAuto(service) {
  const says = { on: "It will be in maintenance until it is switched off.", off: "It will be open.", scheduled: "It will be in maintenance during planned windows." };
  askSure(service, {
    title: `Let ${nameOf(service)} follow its plan?`,
    words: `The manual setting is removed; the configuration and the windows apply again. ${says[service.configured]}`,
    does: "Follow the plan",
    then: async (subject) => {
      await change(subject, "POST", "/auto");
      return `${nameOf(subject)} follows its plan.`;
    },
  });
}

// ---- a link that lets a tester pass the gate

function showPass(shown) {
  element("pass").hidden = element("pass-copy").hidden = !shown;
  element("let-in-do").hidden = shown;
}

function askLetIn(service) {
  element("let-in-form").reset();
  showPass(false);
  open(element("let-in"), service, `Link for a tester of ${nameOf(service)}`);
}

element("let-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(element("let-in-error"), event.submitter, async () => {
    const made = await call("POST", servicePath(subject.name, "/bypass"), { for: element("let-in-form").elements.good.value });
    element("pass-link").value = made.link;
    element("pass-cookie").value = `Cookie: ${made.cookie}`;
    setText(element("pass-until"), `The link is valid until ${spellTime(Date.parse(made.until))}.`);
    showPass(true);
    element("pass-link").select();
    showChanges();
  });
});

element("pass-copy").addEventListener("click", (event) =>
  attempt(element("let-in-error"), event.currentTarget, async () => {
    element("pass-link").select();
    await navigator.clipboard.writeText(element("pass-link").value).catch(() => {
      throw new Refused(0, { detail: "This browser cannot copy automatically. The link is selected; copy it by hand." });
    });
    setText(element("pass-until"), "Link copied.");
  }));

// ---- the message

function askMessage(service) {
  fillMessages("say-messages", service);
  element("say-reset").hidden = !service.messageByOperator;
  open(element("say"), service, `Message to clients of ${nameOf(service)}`);
}

element("say-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(element("say-error"), event.submitter, async () => {
    await change(subject, "PUT", "/message", { message: messagesOf("say-messages") });
    element("say").close();
    say(`${nameOf(subject)}: the message is changed.`);
  });
});

element("say-reset").addEventListener("click", (event) =>
  attempt(element("say-error"), event.currentTarget, async () => {
    await change(subject, "DELETE", "/message");
    element("say").close();
    say(`${nameOf(subject)}: the configured message is back.`);
  }));

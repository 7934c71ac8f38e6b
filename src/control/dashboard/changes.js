// ---- the trail of changes

// What the trail says, with times as they are here.
function changeInWords(what) {
  const planned = what.match(/^(window \w+ planned): (\{.*\})$/);
  if (planned) return `${planned[1]}: ${windowInWords(JSON.parse(planned[2]))}`;
  return what.replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, (time) => spellTime(new Date(time)));
}

const lastChanges = lastAnswer();

async function showChanges() {
  const found = await lastChanges(call("GET", "/api/changes"));
  if (!found) return;
  const { changes } = found;
  element("change-lines").replaceChildren(...changes.slice(0, 20).map(({ at, service, what, by }) =>
    make("li", {}, make("span", {}, make("strong", {}, titleOf(service)), ` ${changeInWords(what)}`),
      make("small", {}, `${by ? `${by}, ` : ""}${spellTime(new Date(at))}`))));
  if (!changes.length) element("change-lines").append(make("li", { class: "hint" }, "No changes yet."));
}

// The page of the protocol: look first, then choose.

import { all, ask, language, make, one, tell, text } from "/static/admin_kit.js";

let state = null;
const file = one("[data-file]");
const apply = one("[data-do=apply]");
const when = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "nl-NL", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/Amsterdam" });

const lines = (where, told) => one(`[data-testid=${where}]`).replaceChildren(...told.map((line) => make("li", {}, line)));

function show(next) {
  if (!next) return;
  state = next;
  one("[data-testid=policy-name]").textContent = `${state.name} · ${state.policy_version}`;
  file.replaceChildren(...state.files.map((name) => make("option", { value: name, selected: name === state.file }, name)));
  const level = one("[data-what=level]");
  level.replaceChildren(...state.levels.map((name) => make("option", { value: name, selected: name === state.level }, text(`level_${name}`))));
  for (const name of ["pmr_on", "dpia_on"]) one(`[data-what=${name}]`).value = state[name];
  lines("coverage", state.coverage);
  lines("difference", state.problems);
  lines("changes", state.changes.map((change) => [when.format(new Date(change.at)), change.what, change.by].filter(Boolean).join(" · ")));
  apply.hidden = true;
}

async function change(what, value) {
  const next = await ask("/beheer/protocol/kies", { what, value, version: state.version });
  if (next) tell(text("saved"));
  show(next ?? (await ask("/beheer/protocol/stand")));
}

for (const field of all("[data-what]")) {
  field.addEventListener("change", () => field.value && change(field.dataset.what, field.value));
}
file.addEventListener("change", () => { apply.hidden = true; });
one("[data-do=compare]").addEventListener("click", async () => {
  const told = await ask(`/beheer/protocol/verschil?${new URLSearchParams({ file: file.value })}`);
  if (!told) return;
  lines("difference", [...told.lines, ...(told.problems.length ? told.problems : [text("none_found")])]);
  apply.hidden = file.value === state.file;
});
apply.addEventListener("click", () => change("policy_file", file.value));

ask("/beheer/protocol/stand").then(show);

// The page of the school's quiet time. Whatever is pressed becomes one of the chat's sentences.

import { all, asShortDay, ask, dateOf, make, one, picked, plusDays, spoken, tell, text } from "/static/admin_kit.js";
import { WeekGrid } from "/static/admin_grid.js";
import { YearCalendar } from "/static/admin_year.js";

let state = null;
let year = "";
let week = "";
const weekForm = one("[data-form=week]");
const dayForm = one("[data-form=day]");

const grid = new WeekGrid(one(".weekgrid"), (typed) => {
  weekForm.week.value = typed;
  one("#unsaved").textContent = text("unsaved");
});
const calendar = new YearCalendar(one(".months"), (start, end) => {
  dayForm.start.value = start;
  dayForm.end.value = end;
});

function show(next) {
  if (!next) return;
  state = next;
  const rest = state.rest;
  one(".summary").textContent = rest.summary;
  const shown = { on: rest.on, off: !rest.on, undo: rest.undo };
  for (const button of all("[data-show]")) button.hidden = !shown[button.dataset.show];
  weekForm.week.value = rest.week_text;
  one("#unsaved").textContent = "";
  const fits = grid.show(rest.week);
  one("#off-grid").hidden = fits;
  one("#off-grid").textContent = text("off_grid");
  one("[data-year-name]").textContent = state.year.year;
  calendar.show(state.year, state.today);
  for (const choice of all("[data-choice]")) {
    const option = [...choice.options].find((one) => (one.dataset.is ?? one.value) === rest[choice.dataset.field]);
    if (option) choice.value = option.value;
  }
  for (const tick of all("[data-switch]")) tick.checked = rest[tick.dataset.field];
  showReach(state.reach);
  const { count, late } = state.held;
  one("[data-testid=held]").textContent = count ? text("held_some", { count, late }) : text("held_none");
  one("[data-do=release]").hidden = !count;
}

function showReach(reach) {
  const table = one(".reach");
  const head = make("tr", {}, make("th", { scope: "col" }, table.dataset.who));
  for (const day of reach.days) head.append(make("th", { scope: "col" }, asShortDay(dateOf(day))));
  const line = (name, days) => make("tr", {}, make("th", { scope: "row" }, name),
    ...days.map((hours) => make("td", { className: hours.length ? "" : "off" }, hours.join(", ") || text("free"))));
  table.replaceChildren(
    make("thead", {}, head),
    make("tbody", {}, line(table.dataset.team, reach.team), ...reach.people.map((who) => line(who.name, who.days))),
  );
}

const query = () => new URLSearchParams({ ...(year && { year }), ...(week && { week }) });

async function say(sentence) {
  const next = await ask(`/beheer/rusttijd/zeg?${query()}`, { say: sentence, version: state.rest.version });
  if (next) tell(text("saved"));
  show(next ?? (await ask(`/beheer/rusttijd/stand?${query()}`)));
}

async function look() {
  show(await ask(`/beheer/rusttijd/stand?${query()}`));
}

for (const button of all("[data-say]")) button.addEventListener("click", () => say(button.dataset.say));
weekForm.addEventListener("submit", (event) => {
  event.preventDefault();
  say(`werk ${weekForm.week.value}`);
});
weekForm.week.addEventListener("input", () => { one("#unsaved").textContent = text("unsaved"); });
dayForm.addEventListener("submit", (event) => event.preventDefault());
for (const button of all("[data-mark]")) {
  button.addEventListener("click", () => {
    if (!dayForm.reportValidity()) return;
    const word = button.dataset.mark;
    const [start, end] = [dayForm.start.value, dayForm.end.value];
    const named = ["vakantie", "vrij"].includes(word) ? ` ${dayForm.name.value.trim()}` : "";
    if (word === "studiedag") say(`studiedag ${daysBetween(start, end).map(spoken).join(", ")}`);
    else if (word === "terug") say(`terug ${spoken(start)}`);
    else say(`${word}${named} ${spoken(start)} t/m ${spoken(end)}`);
  });
}
one("[data-confirm]").addEventListener("click", () => say(`bevestig ${state.year.year}`));
for (const choice of all("[data-choice]")) {
  choice.addEventListener("change", () => say(`${choice.dataset.choice} ${choice.value}`.trim()));
}
for (const tick of all("[data-switch]")) {
  tick.addEventListener("change", () => say(`${tick.dataset.switch} ${tick.checked ? "aan" : "uit"}`));
}
for (const button of all("[data-year]")) {
  button.addEventListener("click", () => {
    const first = Number(state.year.year.slice(0, 4)) + Number(button.dataset.year);
    year = `${first}-${first + 1}`;
    look();
  });
}
for (const button of all("[data-week]")) {
  button.addEventListener("click", () => {
    week = plusDays(state.reach.monday, Number(button.dataset.week));
    look();
  });
}
one("[data-do=release]").addEventListener("click", async () => {
  const told = await ask("/beheer/rusttijd/bezorg", {});
  if (told) tell(text(told.count ? "released" : "released_none", told));
  await look();
});
one("[data-file]").addEventListener("change", async (event) => {
  const file = picked(event.target);
  if (!file) return;
  const next = await ask(`/beheer/rusttijd/agenda?${query()}`, { file });
  if (next) tell(text("saved"));
  show(next);
  event.target.value = "";
});

function daysBetween(start, end) {
  const days = [];
  for (let day = start; day <= end && days.length < 30; day = plusDays(day, 1)) days.push(day);
  return days;
}

look();

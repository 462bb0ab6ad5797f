// The page of one's own days, in the same sentences as the chat.

import { all, asDay, ask, dateOf, dayLong, make, one, picked, spoken, tell, text } from "/static/admin_kit.js";

const SHORT = ["ma", "di", "wo", "do", "vr", "za", "zo"];
const table = one(".works");
const leaveForm = one("[data-form=leave]");

/** Read "ma wo-ochtend do (oneven)" into a choice for each half of each day. */
function choices(works) {
  if (works === "geen") return SHORT.map(() => ({ ochtend: "none", middag: "none" }));
  if (!works) return SHORT.map((_, day) => (day < 5 ? { ochtend: "every", middag: "every" } : { ochtend: "none", middag: "none" }));
  const found = SHORT.map(() => ({ ochtend: "none", middag: "none" }));
  for (const piece of works.replace(/\s+\(/g, "(").split(/[\s,;]+/)) {
    const [, first, last] = /^([a-z]{2})[a-z]*-([a-z]{2})$/.exec(piece) ?? [];
    if (first && SHORT.includes(last)) {
      for (let day = SHORT.indexOf(first); ; day = (day + 1) % 7) {
        found[day] = { ochtend: "every", middag: "every" };
        if (day === SHORT.indexOf(last)) break;
      }
      continue;
    }
    const part = /^([a-z]{2})[a-z]*?(?:-(ochtend|middag))?(?:\((even|oneven)\))?$/.exec(piece);
    if (!part || !SHORT.includes(part[1])) continue;
    const when = { even: "even", oneven: "odd" }[part[3]] ?? "every";
    for (const half of part[2] ? [part[2]] : ["ochtend", "middag"]) found[SHORT.indexOf(part[1])][half] = when;
  }
  return found;
}

function showWorks(works) {
  const names = { ochtend: table.dataset.morning, middag: table.dataset.afternoon };
  const head = make("tr", {}, make("td"), ...Object.values(names).map((name) => make("th", { scope: "col" }, name)));
  const rows = choices(works).map((halves, day) => make("tr", {}, make("th", { scope: "row" }, dayLong(day)),
    ...Object.entries(halves).map(([half, chosen]) => {
      const select = make("select", { ariaLabel: `${dayLong(day)} ${names[half]}` });
      for (const value of ["every", "odd", "even", "none"]) select.append(make("option", { value, selected: value === chosen }, table.dataset[value]));
      Object.assign(select.dataset, { day, half, testid: `works-${SHORT[day]}-${half}` });
      return make("td", {}, select);
    })));
  table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
}

function spokenWorks() {
  const parts = [];
  SHORT.forEach((name, day) => {
    const [morning, afternoon] = ["ochtend", "middag"].map((half) => one(`[data-day="${day}"][data-half="${half}"]`, table).value);
    const week = { odd: " (oneven)", even: " (even)", every: "" };
    if (morning === afternoon && morning !== "none") parts.push(`${name}${week[morning]}`);
    else {
      if (morning !== "none") parts.push(`${name}-ochtend${week[morning]}`);
      if (afternoon !== "none") parts.push(`${name}-middag${week[afternoon]}`);
    }
  });
  return parts.join(" ") || "geen";
}

function show(state) {
  if (!state) return;
  one(".summary").textContent = state.summary;
  one("[data-show=undo]").hidden = !state.undo;
  one("[data-digest]").checked = state.digest;
  showWorks(state.works);
  const list = one(".leave");
  list.replaceChildren(...state.leave.map((leave) => {
    const end = leave.end ? asDay(dateOf(leave.end)) : text("open_end");
    const when = leave.end === leave.start ? asDay(dateOf(leave.start)) : `${asDay(dateOf(leave.start))} – ${end}`;
    const half = leave.half === "day" ? "" : ` (${text(`half_${leave.half}`)})`;
    const clear = make("button", { type: "button", className: "button bare" }, text("clear"));
    clear.setAttribute("aria-label", `${text("clear")}: ${when}${half}`);
    clear.addEventListener("click", () => say(`wis verlof ${spoken(leave.start)}`));
    return make("li", {}, `${when}${half}`, clear);
  }));
  if (!state.leave.length) list.append(make("li", { className: "note" }, text("none_of_these")));
}

async function say(sentence) {
  const next = await ask("/beheer/mijn/zeg", { say: sentence });
  if (next) tell(text("saved"));
  show(next);
}

for (const button of all("[data-say]")) button.addEventListener("click", () => say(button.dataset.say));
one("[data-form=works]").addEventListener("submit", (event) => {
  event.preventDefault();
  say(`werkdagen ${spokenWorks()}`);
});
leaveForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const [start, end] = [leaveForm.start.value, leaveForm.end.value || leaveForm.start.value];
  say(`verlof ${spoken(start)} t/m ${spoken(end)} ${leaveForm.half.value}`.trim());
});
one("[data-digest]").addEventListener("change", (event) => say(`samenvatting ${event.target.checked ? "aan" : "uit"}`));
one("[data-file]").addEventListener("change", async (event) => {
  const file = picked(event.target);
  if (!file) return;
  const next = await ask("/beheer/mijn/agenda", { file });
  if (next) tell(text("saved"));
  show(next);
  event.target.value = "";
});

ask("/beheer/mijn/stand").then(show);

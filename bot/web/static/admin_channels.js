// The page of groups, platforms and admins.

import { all, ask, make, one, tell, text } from "/static/admin_kit.js";

const PLACES = ["team", "parents", "other"];

function show(state) {
  if (!state) return;
  const rows = state.groups.map((group) => {
    const told = [group.platform, group.size && text("people", { count: group.size }), group.locked && text("locked"), group.unreached && text("unreached", { count: group.unreached })].filter(Boolean);
    const name = group.title || group.chat;
    const select = make("select", { ariaLabel: name }, ...PLACES.map((place) => make("option", { value: place, selected: place === group.place }, text(`place_${place}`))));
    select.addEventListener("change", () => change("plaats", { platform: group.platform, chat: group.chat, place: select.value }));
    return make("tr", {}, make("th", { scope: "row" }, name, make("span", { className: "note" }, ` ${told.join(" · ")}`)), make("td", {}, select));
  });
  const empty = make("tr", {}, make("td", { colSpan: 2 }, text("no_groups")));
  one("[data-testid=groups] tbody").replaceChildren(...(rows.length ? rows : [empty]));
  people("admins", state.admins, "take", text("take_admin"), state.admins.length > 1);
  people("suggested", state.suggested, "add", text("make_admin"), true);
  one("[data-suggested]").hidden = !state.suggested.length;
  one("[data-testid=people]").replaceChildren(...state.people.map(colleague));
  one("[data-testid=work]").replaceChildren(...state.work.lines.map((line) => make("li", {}, line)));
  one("[data-do=retry]").hidden = !state.work.gave_up;
  one("[data-testid=platforms]").replaceChildren(...state.platforms.map((platform) =>
    make("li", {}, `${platform.name}: ${platform.can.map((name) => text(`can_${name}`)).join(", ")}`)));
}

function colleague({ id, name }) {
  const button = make("button", { type: "button", className: "button bare", ariaLabel: `${text("remove")}: ${name}` }, text("remove"));
  button.addEventListener("click", () => confirm(text("remove_sure", { name })) && change("verwijder", { id }));
  return make("li", {}, name, button);
}

function people(where, accounts, verb, label, able) {
  one(`[data-testid=${where}]`).replaceChildren(...accounts.map(({ mark, name }) => {
    const button = make("button", { type: "button", className: "button bare", ariaLabel: `${label}: ${name}`, hidden: !able }, label);
    button.addEventListener("click", () => change("beheerder", { mark, do: verb }));
    return make("li", {}, name, button);
  }));
}

async function change(where, fields) {
  busy(true);
  const next = await ask(`/beheer/kanalen/${where}`, fields);
  if (next) tell(text("saved"));
  show(next ?? (await ask("/beheer/kanalen/stand")));
  busy(false);
}

function busy(now) {
  for (const button of all("[data-testid=admins] button, [data-testid=suggested] button")) button.disabled = now;
}

one("[data-do=retry]").addEventListener("click", async () => {
  const told = await ask("/beheer/kanalen/opnieuw", {});
  if (told) tell(text("retried", told));
  show(await ask("/beheer/kanalen/stand"));
});

ask("/beheer/kanalen/stand").then(show);

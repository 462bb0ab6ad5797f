// Chats on a phone: keyed lines that appear, change and leave without a reload.

import { asDay, asTime, calmly, icon, make, mark, text } from "./kit.js";

const ending = new WeakSet();
const signs = new WeakMap();
const since = new WeakMap();
const SEEN_FOR = 550;
const FOLDED_FROM = 280;
const CLOSE_TOGETHER = 5 * 60 * 1000;

/** Bring `list` to what `lines` says; `me` owns the phone, `acts` is what its buttons do. */
export function show(list, lines, me, acts) {
  const first = !list.dataset.shown;
  if (first) followEnd(list);
  const focused = list.contains(document.activeElement);
  const there = new Map([...list.children].filter((one) => !one.dataset.leaving).map((one) => [one.dataset.key, one]));
  let before = list.firstElementChild;
  let added = false;
  for (const item of arranged(lines)) {
    const old = there.get(item.key);
    there.delete(item.key);
    let node = old;
    if (!old || signs.get(old) !== item.sign) {
      node = item.line ? lineNode(item, me, acts) : dayNode(item);
      node.dataset.key = item.key;
      signs.set(node, item.sign);
      if (old) old.replaceWith(node);
      if (old && before === old) before = node;
      if (!old && !first) node.classList.add("new");
      since.set(node, since.get(old) ?? performance.now());
      added ||= !old || item.last;
    }
    while (before?.dataset.leaving) before = before.nextElementSibling;
    if (node === before) before = before.nextElementSibling;
    else list.insertBefore(node, before);
  }
  for (const gone of there.values()) leave(gone);
  list.dataset.shown = "yes";
  if (focused && !list.contains(document.activeElement)) list.focus({ preventScroll: true });
  if (added && (ending.has(list) || lines.at(-1)?.author === me)) toEnd(list, first);
}

export function toEnd(list, atOnce = false) {
  ending.add(list);
  const last = [...list.children].findLast((one) => !one.dataset.leaving);
  // What is taller than the list is read from its beginning.
  const tall = last && last.offsetHeight > list.clientHeight;
  list.scrollTo({ top: tall ? last.offsetTop - 8 : list.scrollHeight, behavior: atOnce || calmly() ? "instant" : "smooth" });
}

/** Keep a list at its end, whatever grows or shrinks, until somebody scrolls up in it. */
function followEnd(list) {
  let top = 0;
  const keep = () => ending.has(list) && toEnd(list, true);
  ending.add(list);
  new ResizeObserver(keep).observe(list);
  list.addEventListener("load", keep, true);
  list.addEventListener("scroll", () => {
    const left = list.scrollHeight - list.scrollTop - list.clientHeight;
    if (left < 40) ending.add(list);
    else if (list.scrollTop < top - 2) ending.delete(list);
    top = list.scrollTop;
  });
}

function arranged(lines) {
  const items = [];
  let previous = null;
  lines.forEach((line, index) => {
    const day = asDay(new Date(line.at));
    if (!previous || asDay(new Date(previous.at)) !== day) {
      items.push({ key: `day ${day} ${line.at.slice(0, 10)}`, sign: day, day });
      previous = null;
    }
    const same = Boolean(previous) && previous.author === line.author && line.kind !== "joined" &&
      previous.kind === line.kind && new Date(line.at) - new Date(previous.at) < CLOSE_TOGETHER;
    const last = index === lines.length - 1;
    items.push({ key: line.id, line, same, last, sign: JSON.stringify([line, same, last && line.buttons.length > 0]) });
    previous = line;
  });
  return items;
}

const dayNode = (item) => make("div", { className: "day-mark" }, item.day);

function lineNode({ line, same, last }, me, acts) {
  if (line.kind === "joined") {
    return make("div", { className: "line joined" }, text("live.joined", { name: line.name }));
  }
  const own = line.author === me;
  const node = make("div", { className: ["line", own && "own", same && "same", line.kind, line.standing].filter(Boolean).join(" ") });
  node.dataset.testid = "line";
  node.dataset.line = line.id;
  node.dataset.standing = line.standing;
  const bubble = make("div", { className: "bubble" });
  if (!own && !same) bubble.append(author(line));
  if (line.quote) bubble.append(make("span", { className: "quote" }, make("b", {}, line.quote.name || "Fluister"), line.quote.text));
  line.files.forEach((file) => bubble.append(attachment(file)));
  if (line.text) bubble.append(...words(line));
  bubble.append(meta(line));
  node.append(bubble);
  if (acts && line.kind === "said") node.append(...choices(line, own, bubble, acts));
  if (line.note || line.standing === "waiting") {
    node.append(make("p", { className: "note", "data-testid": "held-note" }, icon("clock"), line.note || text("live.waiting")));
  }
  if (line.buttons.length) node.append(buttons(line, last, acts));
  return node;
}

/** Somebody's words; a long text of the bot in the group is folded, so that the group stays calm. */
function words(line) {
  const box = make("div", { className: "words" }, line.text);
  if (line.kind !== "bot" || line.private || line.text.length < FOLDED_FROM) return [box];
  const unfold = make("button", { type: "button", className: "unfold", onclick: () => {
    box.classList.remove("folded");
    unfold.remove();
  } }, text("live.read_on"));
  box.classList.add("folded");
  return [box, unfold];
}

function author(line) {
  if (line.kind === "bot") return make("div", { className: "who fluister" }, mark(), "Fluister");
  return make("div", { className: `who ${line.author}` }, line.name);
}

function meta(line) {
  const parts = make("div", { className: "meta" });
  if (line.viaBot) parts.append(make("span", { className: "via" }, mark(), text("live.via")));
  if (line.edited) parts.append(make("span", {}, text("live.edited")));
  parts.append(make("time", { dateTime: line.at }, asTime(new Date(line.at))));
  return parts;
}

function attachment(file) {
  if (file.image) return make("img", { className: "photo", src: file.url, alt: file.name || text("live.image"), loading: "lazy" });
  return make("a", { className: "document", href: file.url, download: file.name }, icon("file-text"), file.name);
}

function buttons(line, last, acts) {
  const box = make("div", { className: last ? "buttons" : "buttons past" });
  box.dataset.testid = "buttons";
  paired(line.buttons).forEach((row, at) => {
    box.append(make("div", {}, ...row.map((button, place) => {
      const look = at + place === 0 ? "button" : "button quiet";
      if (button.url) return make("a", { className: look, href: button.url, rel: "noreferrer" }, button.label);
      return make("button", { type: "button", className: look, "data-testid": "choice", onclick: (event) => acts.press(button.token, event.currentTarget) }, button.label);
    })));
  });
  return box;
}

/** Many rows of one button each become rows of two under the first, so that all are in sight. */
function paired(rows) {
  if (rows.length < 5 || rows.some((row) => row.length > 1)) return rows;
  const [first, ...others] = rows;
  const pairs = [first];
  for (let at = 0; at < others.length; at += 2) pairs.push(others.slice(at, at + 2).flat());
  return pairs;
}

function choices(line, own, bubble, acts) {
  const box = make("div", { className: "choices", hidden: true });
  const more = make("button", { type: "button", className: "round more", "aria-expanded": "false", "aria-label": text("live.more"), "data-testid": "more" }, icon("ellipsis"));
  more.addEventListener("click", () => {
    document.querySelectorAll('.more[aria-expanded="true"]').forEach((other) => other !== more && other.click());
    box.hidden = !box.hidden;
    more.setAttribute("aria-expanded", String(!box.hidden));
    if (!box.hidden) box.scrollIntoView({ block: "nearest" });
  });
  const choice = (name, look, act) => {
    box.append(make("button", { type: "button", "data-testid": `line-${name}`, onclick: () => { more.click(); act(); } }, icon(look), text(`live.${name}`)));
  };
  if (line.standing === "seen") choice("reply", "reply", () => acts.reply(line));
  if (own && line.standing === "seen") choice("edit", "pencil", () => acts.edit(line));
  if (own) choice("delete", "trash-2", () => acts.remove(line));
  bubble.append(more);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { more.click(); more.focus(); }
  });
  return [box];
}

function leave(node) {
  node.dataset.leaving = "yes";
  node.removeAttribute("data-testid");
  node.setAttribute("aria-hidden", "true");
  node.inert = true;
  if (calmly() || !node.animate || !node.offsetParent) {
    node.remove();
    return;
  }
  const height = node.offsetHeight;
  // It is gone already; the eye gets a moment to see that it goes.
  const delay = Math.max(0, SEEN_FOR - (performance.now() - since.get(node)));
  const going = node.animate(
    [
      { opacity: 1, filter: "blur(0)", height: `${height}px`, transform: "none" },
      { opacity: 0, filter: "blur(5px)", height: `${height}px`, transform: "translateY(-4px)", offset: 0.62 },
      { opacity: 0, filter: "blur(5px)", height: "0px", marginTop: "0px", transform: "translateY(-4px)" },
    ],
    { delay, duration: 700, easing: "cubic-bezier(.4, 0, .2, 1)" },
  );
  going.onfinish = going.oncancel = () => node.remove();
}

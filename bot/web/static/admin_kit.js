// What every admin page uses: texts, asking the server, building elements, saying what happened.

const written = JSON.parse(document.getElementById("texts").textContent);
const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;

export const language = document.documentElement.lang;

/** Return the text for `key` with its {gaps} filled. */
export function text(key, gaps = {}) {
  const told = gaps.count === 1 ? (written[`${key}_one`] ?? written[key]) : written[key];
  return (told ?? "").replace(/\{(\w+)\}/g, (gap, name) => gaps[name] ?? gap);
}

/** Build an element: properties, then children; texts are only ever set as text. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Say what happened, where eyes and screen readers find it. */
export function tell(words, wrong = false) {
  one("#said").textContent = wrong ? "" : words;
  one("#wrong").textContent = wrong ? words : "";
}

const LARGEST_AGENDA = 2_000_000;

/** The file that was picked, and the field empty again; `null` where it is too large to send. */
export function picked(input) {
  const [file] = input.files;
  if (!file || file.size <= LARGEST_AGENDA) return file ?? null;
  input.value = "";
  tell(text("too_large"), true);
  return null;
}

/** Ask for JSON; `null` where it was refused, and then the reason has been told. */
export async function ask(path, fields = null) {
  const options = { headers: { Accept: "application/json" } };
  if (fields) {
    options.method = "POST";
    options.headers["X-Fluister-Token"] = meta("fluister-token");
    options.headers["X-Fluister-Session"] = meta("fluister-session");
    options.body = new FormData();
    for (const [name, value] of Object.entries(fields)) options.body.append(name, value);
  }
  try {
    const answer = await fetch(path, options);
    const told = await answer.text();
    const json = answer.headers.get("content-type")?.includes("json");
    if (answer.ok && json) return JSON.parse(told);
    tell(json ? JSON.parse(told).error : told, true);
  } catch {
    tell(text("failed"), true);
  }
  return null;
}

const format = (options) => new Intl.DateTimeFormat(language === "en" ? "en-GB" : "nl-NL", { timeZone: "UTC", ...options });
const monthName = format({ month: "long", year: "numeric" });
const whole = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const short = format({ weekday: "short", day: "numeric", month: "short" });
const weekday = format({ weekday: "short" });
const weekdayLong = format({ weekday: "long" });

export const asMonth = (day) => monthName.format(day);
export const asDay = (day) => whole.format(day);
export const asShortDay = (day) => short.format(day);
const MONDAY = Date.UTC(2024, 0, 1);
export const dayName = (number) => weekday.format(new Date(MONDAY + number * 864e5));
export const dayLong = (number) => weekdayLong.format(new Date(MONDAY + number * 864e5));

export const dateOf = (iso) => new Date(`${iso}T00:00:00Z`);
export const isoOf = (day) => day.toISOString().slice(0, 10);
export const plusDays = (iso, days) => isoOf(new Date(dateOf(iso).getTime() + days * 864e5));
/** A date as the sentences want it: 25-11-2026. */
export const spoken = (iso) => iso.split("-").reverse().map(Number).join("-");

one("[data-do=leave]")?.addEventListener("click", async () => {
  if (await ask("/beheer/uit", {})) location.assign("/beheer");
});

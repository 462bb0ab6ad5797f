// What every part of the demo page uses: texts, posting, building elements, time.

const written = JSON.parse(document.getElementById("texts").textContent);
const token = document.querySelector('meta[name="fluister-token"]').content;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const zone = "Europe/Amsterdam";

export const language = document.documentElement.lang;
export const calmly = () => calm.matches;

/** Return the text for `key` with its {gaps} filled. */
export function text(key, gaps = {}) {
  const told = gaps.count === 1 ? (written[`${key}_one`] ?? written[key]) : written[key];
  return (told ?? "").replace(/\{(\w+)\}/g, (gap, name) => gaps[name] ?? gap);
}

/** Post fields; resolves to an empty string, or to what went wrong in the reader's words. */
export async function post(path, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) if (one !== null && one !== undefined) body.append(name, one);
  }
  try {
    const answer = await fetch(path, { method: "POST", body, headers: { "X-Fluister-Token": token } });
    if (answer.ok) return "";
    const told = await answer.text();
    return answer.headers.get("content-type")?.includes("json") ? JSON.parse(told).error : told;
  } catch {
    return text("live.failed");
  }
}

/** Build an element: properties, then children; texts are only ever set as text. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name in element && name !== "list" && name !== "form") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export const mark = () => make("span", { className: "mark" }, icon("fluister"));

/** Say something to people who listen to the page instead of looking at it. */
export function announce(words) {
  document.getElementById("said").textContent = words;
}

const format = (options) => new Intl.DateTimeFormat(language === "en" ? "en-GB" : "nl-NL", { timeZone: zone, ...options });
const timeOnly = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayOnly = format({ weekday: "long", day: "numeric", month: "long" });
const dayShort = format({ weekday: "short", day: "numeric", month: "short" });
const whole = format({ weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const asTime = (moment) => timeOnly.format(moment);
export const asDay = (moment) => dayOnly.format(moment);
export const asShortDay = (moment) => dayShort.format(moment).replaceAll(".", "");
export const asMoment = (moment) => whole.format(moment);

/** Wait; nothing waits for people who want less motion. */
export const pause = (milliseconds) =>
  new Promise((done) => setTimeout(done, calmly() ? 0 : milliseconds));

// A week of quarter hours to drag over, to walk through with arrows, to switch with the space bar.

import { dayLong, dayName, make, text } from "/static/admin_kit.js";

const SHORT = ["ma", "di", "wo", "do", "vr", "za", "zo"];
const STEP = 15;
const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

export class WeekGrid {
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.cells = [];
    root.addEventListener("pointerdown", (event) => this.begin(event));
    root.addEventListener("pointermove", (event) => this.paint(event));
    for (const name of ["pointerup", "pointercancel"]) root.addEventListener(name, () => this.end());
    root.addEventListener("keydown", (event) => this.key(event));
  }

  /** Show the hours of a week; false where they do not fall on quarters of an hour of one day. */
  show(week) {
    const fits = week.flat(2).every((at) => at % STEP === 0) && week.flat().every(([, end]) => end <= 1440);
    this.root.hidden = !fits;
    if (!fits) return false;
    const early = Math.min(360, ...week.flat().map(([start]) => Math.floor(start / 60) * 60));
    const late = Math.max(1260, ...week.flat().map(([, end]) => Math.ceil(end / 60) * 60));
    this.build(early, late);
    this.cells.forEach((day, number) => {
      for (const cell of day) {
        const at = Number(cell.dataset.at);
        this.set(cell, week[number].some(([start, end]) => start <= at && at < end));
      }
    });
    return true;
  }

  build(early, late) {
    const head = make("div", { role: "row", className: "days" }, make("span", { role: "columnheader" }));
    for (let day = 0; day < 7; day += 1) head.append(make("span", { role: "columnheader", title: dayLong(day) }, dayName(day)));
    this.cells = Array.from({ length: 7 }, () => []);
    const rows = [head];
    for (let at = early; at < late; at += STEP) {
      const row = make("div", { role: "row", className: at % 60 ? "quarter" : "quarter hour" });
      row.append(make("span", { role: "rowheader" }, at % 60 ? "" : clock(at)));
      for (let day = 0; day < 7; day += 1) {
        const cell = make("div", { role: "gridcell", tabIndex: -1 });
        Object.assign(cell.dataset, { day, at });
        this.cells[day].push(cell);
        row.append(cell);
      }
      rows.push(row);
    }
    this.root.replaceChildren(...rows);
    this.cells[0][0].tabIndex = 0;
  }

  set(cell, works) {
    cell.setAttribute("aria-selected", String(works));
    const at = Number(cell.dataset.at);
    cell.setAttribute("aria-label", `${dayLong(Number(cell.dataset.day))} ${clock(at)}, ${text(works ? "works" : "rests")}`);
  }

  works(cell) {
    return cell.getAttribute("aria-selected") === "true";
  }

  begin(event) {
    const cell = event.target.closest("[role=gridcell]");
    if (!cell || event.button) return;
    event.preventDefault();
    this.from = cell;
    this.wanted = !this.works(cell);
    this.before = this.cells.map((day) => day.map((one) => this.works(one)));
    this.paint(event);
    this.focus(cell);
  }

  paint(event) {
    if (!this.from) return;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest?.("[role=gridcell]");
    if (!under || !this.root.contains(under)) return;
    const span = (name) => [Number(this.from.dataset[name]), Number(under.dataset[name])].sort((a, b) => a - b);
    const [days, times] = [span("day"), span("at")];
    this.cells.forEach((day, number) => day.forEach((cell, row) => {
      const at = Number(cell.dataset.at);
      const inside = days[0] <= number && number <= days[1] && times[0] <= at && at <= times[1];
      this.set(cell, inside ? this.wanted : this.before[number][row]);
    }));
  }

  end() {
    if (!this.from) return;
    this.from = null;
    this.changed(this.text());
  }

  focus(cell) {
    for (const old of this.root.querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
  }

  key(event) {
    const cell = event.target.closest("[role=gridcell]");
    if (!cell) return;
    const day = Number(cell.dataset.day);
    const row = this.cells[day].indexOf(cell);
    const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    if (moves[event.key]) {
      const [sideways, down] = moves[event.key];
      const next = this.cells[day + sideways]?.[row + down];
      if (next) this.focus(next);
      next?.scrollIntoView({ block: "nearest" });
    } else if (event.key === " " || event.key === "Enter") {
      this.set(cell, !this.works(cell));
      this.changed(this.text());
    } else return;
    event.preventDefault();
  }

  /** The week as a sentence; a day without hours is left out. */
  text() {
    return this.cells.map((day, number) => {
      const ranges = [];
      for (const cell of day) {
        if (!this.works(cell)) continue;
        const at = Number(cell.dataset.at);
        if (ranges.at(-1)?.[1] === at) ranges.at(-1)[1] = at + STEP;
        else ranges.push([at, at + STEP]);
      }
      const hours = ranges.map(([start, end]) => `${clock(start)}-${clock(end)}`).join(", ");
      return hours && `${SHORT[number]} ${hours}`;
    }).filter(Boolean).join("; ");
  }
}

// A school year of twelve months; a day or a stretch of days is chosen with pointer or keyboard.

import { asDay, asMonth, dateOf, dayName, isoOf, make, plusDays, text } from "/static/admin_kit.js";

export class YearCalendar {
  constructor(root, chosen) {
    this.root = root;
    this.chosen = chosen;
    root.addEventListener("pointerdown", (event) => this.begin(event));
    root.addEventListener("pointermove", (event) => this.stretch(event));
    window.addEventListener("pointerup", () => this.end());
    root.addEventListener("keydown", (event) => this.key(event));
  }

  show(year, today) {
    const kept = this.root.querySelector('[tabindex="0"]')?.dataset.date;
    this.days = year.days;
    const first = dateOf(year.first);
    const months = [];
    for (let month = 0; month < 12; month += 1) {
      months.push(this.month(new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1)), today));
    }
    this.root.replaceChildren(...months);
    const start = this.button(kept) ?? this.button(today) ?? this.root.querySelector("button");
    start.tabIndex = 0;
  }

  month(first, today) {
    const names = make("div", { className: "names", ariaHidden: "true" });
    for (let day = 0; day < 7; day += 1) names.append(make("span", {}, dayName(day)));
    const grid = make("div", { className: "monthdays" });
    for (let empty = (first.getUTCDay() + 6) % 7; empty > 0; empty -= 1) grid.append(make("span"));
    for (let day = first; day.getUTCMonth() === first.getUTCMonth(); day = new Date(day.getTime() + 864e5)) {
      grid.append(this.day(isoOf(day), today));
    }
    return make("section", { className: "month", ariaLabel: asMonth(first) }, make("h3", {}, asMonth(first)), names, grid);
  }

  day(iso, today) {
    const [kind, name] = this.days[iso] ?? ["", ""];
    const told = [asDay(dateOf(iso)), kind && text(`kind_${kind}`), name].filter(Boolean).join(", ");
    const day = make("button", { type: "button", className: `day ${kind}`, tabIndex: -1, title: told, ariaLabel: told }, String(Number(iso.slice(8))));
    day.dataset.date = iso;
    if (iso === today) day.setAttribute("aria-current", "date");
    return day;
  }

  button(iso) {
    return iso ? this.root.querySelector(`[data-date="${iso}"]`) : null;
  }

  begin(event) {
    const day = event.target.closest("[data-date]");
    if (!day) return;
    event.preventDefault();
    this.from = day.dataset.date;
    this.mark(this.from, this.from);
    this.focus(day);
  }

  stretch(event) {
    if (!this.from) return;
    const day = document.elementFromPoint(event.clientX, event.clientY)?.closest?.("[data-date]");
    if (day && this.root.contains(day)) this.mark(...[this.from, day.dataset.date].sort());
  }

  end() {
    this.from = null;
  }

  mark(start, end) {
    for (const day of this.root.querySelectorAll("[data-date]")) {
      day.classList.toggle("chosen", start <= day.dataset.date && day.dataset.date <= end);
    }
    this.chosen(start, end);
  }

  focus(day) {
    for (const old of this.root.querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
    day.tabIndex = 0;
    day.focus({ preventScroll: true });
  }

  key(event) {
    const day = event.target.closest("[data-date]");
    if (!day) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const at = day.dataset.date;
    if (steps[event.key]) {
      const next = this.button(plusDays(at, steps[event.key]));
      if (!next) return;
      this.anchor = event.shiftKey ? this.anchor ?? at : next.dataset.date;
      if (event.shiftKey) this.mark(...[this.anchor, next.dataset.date].sort());
      this.focus(next);
      next.scrollIntoView({ block: "nearest" });
    } else if (event.key === " " || event.key === "Enter") {
      this.anchor = at;
      this.mark(at, at);
    } else return;
    event.preventDefault();
  }
}

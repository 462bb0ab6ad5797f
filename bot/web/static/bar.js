// The clock and the mailbox in the bar.

import { announce, asDay, asMoment, asShortDay, asTime, icon, make, post, text } from "./kit.js";

export class ClockFace {
  constructor() {
    this.face = document.getElementById("clock");
    this.menu = document.getElementById("moments");
    this.day = this.face.querySelector('[data-clock="day"]');
    this.time = this.face.querySelector('[data-clock="time"]');
    this.base = null;
    this.narrow = matchMedia("(max-width: 1559px)");
    this.face.addEventListener("click", () => this.#menu(this.menu.hidden));
    document.querySelectorAll("[data-moment]").forEach((button) => {
      button.addEventListener("click", () => { this.#menu(false); this.move(button.dataset.moment); });
    });
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".clock")) this.#menu(false);
    });
    this.menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { this.#menu(false); this.face.focus(); }
    });
    document.getElementById("own-moment").addEventListener("submit", (event) => this.#own(event));
    setInterval(() => this.#tick(), 1000);
  }

  show({ now, sky }) {
    this.base = { shown: Date.parse(now), at: performance.now() };
    document.body.dataset.sky = sky;
    this.#tick();
  }

  move(moment) {
    return post("/clock", { moment });
  }

  async #own(event) {
    event.preventDefault();
    const form = event.target;
    const wrong = await this.move(form.elements.moment.value);
    form.querySelector(".wrong").textContent = wrong;
    if (!wrong) this.#menu(false);
  }

  #menu(open) {
    this.menu.hidden = !open;
    this.face.setAttribute("aria-expanded", String(open));
  }

  #tick() {
    if (!this.base) return;
    const now = new Date(this.base.shown + performance.now() - this.base.at);
    const day = this.narrow.matches ? asShortDay(now) : asDay(now);
    if (this.day.textContent !== day) this.day.textContent = day;
    if (this.time.textContent !== asTime(now)) this.time.textContent = asTime(now);
  }
}

export class Mailbox {
  constructor() {
    this.dialog = document.getElementById("mailbox");
    this.button = document.getElementById("mail-button");
    this.badge = this.button.querySelector(".count");
    this.list = this.dialog.querySelector(".mails");
    this.mail = this.dialog.querySelector(".mail");
    this.seen = null;
    this.mails = [];
    this.button.addEventListener("click", () => this.open());
    this.dialog.querySelector('[data-do="shut"]').addEventListener("click", () => this.dialog.close());
    this.dialog.querySelector('[data-do="list"]').addEventListener("click", () => this.#overview(true));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  /** Open the mailbox; a single unread mail opens by itself. */
  open() {
    this.#overview(false);
    this.dialog.showModal();
    const unread = this.mails.filter((mail) => !mail.read);
    if (unread.length === 1) this.#read(unread[0].id);
    else this.dialog.querySelector("h2").focus();
  }

  show(mails) {
    const sign = JSON.stringify(mails);
    if (sign === this.sign) return;
    this.sign = sign;
    if (this.seen !== null && mails.length > this.seen) announce(text("live.mail_new"));
    this.seen = mails.length;
    this.mails = mails;
    const unread = mails.filter((mail) => !mail.read).length;
    this.badge.hidden = unread === 0;
    this.badge.textContent = unread || "";
    this.button.setAttribute("aria-label", text("live.mail_count", { count: unread }));
    this.dialog.querySelector(".nothing").hidden = mails.length > 0;
    this.list.replaceChildren(...mails.map((mail) => this.#row(mail)));
  }

  #row(mail) {
    const row = make("button", { type: "button", className: mail.read ? "" : "unread", "data-testid": "mail-row", onclick: () => this.#read(mail.id) },
      make("i"), make("b", {}, mail.subject), make("time", { dateTime: mail.at }, asTime(new Date(mail.at))), make("span", {}, mail.from));
    return make("li", {}, row);
  }

  #overview(focus) {
    this.mail.hidden = true;
    this.list.hidden = false;
    if (focus) (this.list.querySelector("button") ?? this.dialog.querySelector("h2")).focus();
  }

  async #read(id) {
    const answer = await fetch(`/mail/${encodeURIComponent(id)}`).catch(() => null);
    if (!answer?.ok) return;
    const mail = await answer.json();
    const rows = [["from", mail.from], ["to", mail.to], ["subject", mail.subject], ["received", asMoment(new Date(mail.at))]];
    this.mail.querySelector('[data-mail="subject"]').textContent = mail.subject;
    this.mail.querySelector("dl").replaceChildren(...rows.flatMap(([key, value]) => [make("dt", {}, text(`live.${key}`)), make("dd", { "data-testid": `mail-${key}-value` }, value)]));
    this.mail.querySelector('[data-mail="text"]').textContent = mail.text;
    this.mail.querySelector(".files").replaceChildren(...mail.attachments.map((name) => make("li", {}, icon("paperclip"), name)));
    this.list.hidden = true;
    this.mail.hidden = false;
    this.mail.querySelector("h3").focus({ preventScroll: true });
    this.dialog.scrollTop = 0;
  }
}

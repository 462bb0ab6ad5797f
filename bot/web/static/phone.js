// One colleague's phone: the group, and the private chat that slides over it.

import { Composer } from "./composer.js";
import { announce, pause, post, text } from "./kit.js";
import { show, toEnd } from "./lines.js";

// Long enough to see the message leave the group before the private chat covers it.
const SLIDES_AFTER = 650;

export class Phone {
  constructor(section, onNews) {
    this.who = section.dataset.person;
    this.name = section.dataset.name;
    this.section = section;
    this.onNews = onNews;
    this.group = section.querySelector(".group");
    this.sheet = section.querySelector(".sheet");
    this.groupList = section.querySelector('[data-list="group"]');
    this.privateList = section.querySelector('[data-list="private"]');
    this.opener = section.querySelector('[data-do="open"]');
    this.public = new Composer(this.group.querySelector("form"), this.who);
    this.private = new Composer(this.sheet.querySelector("form"), this.who);
    this.acts = { public: this.#acts(this.public), private: this.#acts(this.private) };
    this.heard = null;
    this.unread = new Set();
    this.opener.addEventListener("click", () => this.open(true));
    section.querySelectorAll('[data-do="close"]').forEach((one) => one.addEventListener("click", () => this.close()));
    this.sheet.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  get isOpen() {
    return this.section.classList.contains("open");
  }

  /** Show this phone as `state` says it is. */
  show(state) {
    const own = state.own[this.who];
    const lines = [...state.team, ...own].sort((a, b) => a.at.localeCompare(b.at) || number(a) - number(b));
    show(this.groupList, lines, this.who, this.acts.public);
    show(this.privateList, state.private[this.who], this.who, this.acts.private);
    this.sheet.querySelector(".empty").classList.toggle("over", state.private[this.who].length > 0);
    this.#rest(state);
    this.#listen(state.private[this.who], state.team.length);
  }

  /** Slide the private chat over; `grab` moves the keyboard there too. */
  open(grab) {
    const typing = this.group.contains(document.activeElement);
    this.section.classList.add("open");
    this.sheet.inert = false;
    this.group.inert = true;
    this.opener.setAttribute("aria-expanded", "true");
    this.unread.clear();
    this.#count();
    toEnd(this.privateList, true);
    if (grab) this.private.field.focus({ preventScroll: true });
    else if (typing) this.sheet.querySelector("h3").focus({ preventScroll: true });
  }

  close() {
    const inside = this.sheet.contains(document.activeElement);
    this.section.classList.remove("open");
    this.sheet.inert = true;
    this.group.inert = false;
    this.opener.setAttribute("aria-expanded", "false");
    if (inside) this.opener.focus({ preventScroll: true });
  }

  /** Draw the eye to the first button the bot offers here. */
  point() {
    this.open(false);
    const button = [...this.sheet.querySelectorAll(".buttons:not(.past) .button")].at(0);
    if (!button) return;
    button.scrollIntoView({ block: "nearest" });
    button.classList.remove("point");
    void button.offsetWidth;
    button.classList.add("point");
    button.focus({ preventScroll: true });
  }

  #acts(composer) {
    const told = async (answer) => composer.tell(await answer);
    return {
      reply: (line) => composer.reply(line),
      edit: (line) => composer.edit(line),
      remove: (line) => told(post("/delete", { who: this.who, line: line.id })),
      press: async (token, button) => {
        button.disabled = true;
        await told(post("/press", { who: this.who, token }));
        button.disabled = false;
      },
    };
  }

  #rest(state) {
    const banner = this.section.querySelector(".rest");
    banner.hidden = !state.locked;
    banner.querySelector("b").textContent = state.notice ? "" : text("live.quiet");
    banner.querySelector("span").textContent = state.notice || text("live.quiet_notice");
    this.public.field.placeholder = text(state.locked ? "live.quiet_write" : "live.write");
  }

  /** Notice what the bot newly said here; near the group it opens, else it is counted. */
  #listen(lines, teamSize) {
    const said = new Map(lines.filter((line) => line.kind === "bot").map((line) => [line.id, line]));
    const known = this.heard;
    this.heard = new Map([...said].map(([id, line]) => [id, line.revision]));
    const size = this.teamSize;
    this.teamSize = teamSize;
    if (!known) return;
    const news = [...said.values()].filter((line) => known.get(line.id) !== line.revision);
    if (size !== undefined && teamSize > size) this.onNews(this, false);
    if (!news.length) return;
    announce(text("live.whispered", { name: this.name }));
    const near = news.some((line) => line.near);
    if (near && !this.isOpen) pause(SLIDES_AFTER).then(() => this.open(false));
    else if (this.isOpen) toEnd(this.privateList);
    else news.forEach((line) => this.unread.add(line.id));
    this.#count();
    this.onNews(this, true);
  }

  #count() {
    const count = this.opener.querySelector(".count");
    count.hidden = this.unread.size === 0;
    count.textContent = this.unread.size || "";
  }
}

const number = (line) => Number(line.id.slice(line.id.lastIndexOf("-") + 1));

// Where somebody types: the words, files, and what they answer or change.

import { icon, make, pause, post, text } from "./kit.js";

export class Composer {
  constructor(form, who) {
    this.form = form;
    this.who = who;
    this.field = form.querySelector("textarea");
    this.wrong = form.querySelector(".wrong");
    this.aboutBox = form.querySelector(".about");
    this.carrying = form.querySelector(".carrying");
    this.files = [];
    this.about = null;
    this.busy = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => { this.#grow(); this.tell(""); });
    this.field.addEventListener("paste", (event) => this.#carry([...(event.clipboardData?.files ?? [])]));
    form.querySelector('[data-do="cancel"]').setAttribute("aria-label", text("live.cancel"));
    form.querySelector('[data-do="cancel"]').addEventListener("click", () => this.settle());
    form.querySelector('input[type="file"]')?.addEventListener("change", (event) => {
      this.#carry([...event.target.files]);
      event.target.value = "";
    });
  }

  /** Show under the field what did not work; an empty text clears it. */
  tell(words) {
    this.wrong.textContent = words;
  }

  reply(line) {
    this.#begin({ reply: line.id }, text("live.replying", { name: line.name || "Fluister" }));
  }

  edit(line) {
    this.#begin({ edit: line.id }, text("live.editing"));
    this.field.value = line.text;
    this.#grow();
  }

  /** Put everything back as it was before somebody began to write. */
  settle() {
    this.about = null;
    this.aboutBox.hidden = true;
    this.files = [];
    this.#showFiles();
    this.field.value = "";
    this.#grow();
    this.tell("");
  }

  async send() {
    if (this.busy || (!this.field.value.trim() && !this.files.length)) return;
    this.busy = true;
    const wrong = await this.#post();
    this.busy = false;
    if (wrong) this.tell(wrong);
    else this.settle();
  }

  /** Write `words` the way a person would, then send them. */
  async write(words) {
    this.settle();
    const step = Math.max(1, Math.round(words.length / 34));
    for (let end = step; end < words.length; end += step) {
      this.field.value = words.slice(0, end);
      this.#grow();
      await pause(22);
    }
    this.field.value = words;
    this.#grow();
    await pause(420);
    await this.send();
  }

  #post() {
    const words = this.field.value;
    if (this.about?.edit) return post("/edit", { who: this.who, line: this.about.edit, text: words });
    const chat = this.form.dataset.chat;
    return post("/say", { who: this.who, chat, text: words, reply_to: this.about?.reply, file: this.files });
  }

  #begin(about, words) {
    this.settle();
    this.about = about;
    this.aboutBox.hidden = false;
    this.aboutBox.querySelector("span").textContent = words;
    this.field.focus();
  }

  #carry(files) {
    this.files.push(...files);
    this.#showFiles();
    this.tell("");
  }

  #showFiles() {
    this.carrying.hidden = this.files.length === 0;
    this.carrying.replaceChildren(...this.files.map((file) => {
      const drop = () => { this.files = this.files.filter((one) => one !== file); this.#showFiles(); };
      const label = text("live.remove_file", { name: file.name });
      return make("span", {}, file.name, make("button", { type: "button", className: "round small", "aria-label": label, onclick: drop }, icon("x")));
    }));
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.about) {
      event.stopPropagation();
      this.settle();
    }
  }

  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    // Set as a property: the page's policy allows no style attributes in the markup.
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
  }
}

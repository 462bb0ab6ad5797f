// The guided story: what to try next. The steps move on by what happens in the room.

import { make, post, text } from "./kit.js";

export class Story {
  /** `stage` gives what a step needs: phones, the clock, the mailbox, and `bring(who)`. */
  constructor(stage) {
    this.stage = stage;
    this.card = document.getElementById("story");
    this.part = (name) => this.card.querySelector(`[data-story="${name}"]`);
    this.busy = false;
    this.opener = document.getElementById("story-open");
    this.opener.addEventListener("click", () => post("/story", { do: "restart" }));
    this.part("action").addEventListener("click", () => this.#act());
    this.part("skip").addEventListener("click", () => post("/story", { do: "skip" }));
    this.part("close").addEventListener("click", () => post("/story", { do: "close" }));
  }

  show(state) {
    this.state = state;
    const { shown, step, number, total } = state.story;
    this.card.hidden = !shown;
    this.opener.hidden = shown;
    if (!shown) return;
    const then = step === "evening" && state.locked ? "_then" : "";
    const sign = step + then;
    if (sign === this.sign) return;
    this.sign = sign;
    this.part("title").textContent = text(`story.${step}.title`);
    this.part("body").textContent = text(`story.${step}.body`);
    this.part("step").textContent = step === "end" ? "" : text("story.step", { number, total });
    this.part("action").textContent = text(`story.${step}.action${then}`);
    this.part("skip").hidden = step === "end";
    this.card.querySelector(".steps").replaceChildren(...dots(number, total));
    const telling = this.card.querySelector(".telling");
    telling.classList.remove("new");
    void telling.offsetWidth;
    telling.classList.add("new");
  }

  async #act() {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.#do(this.state.story.step);
    } finally {
      this.busy = false;
    }
  }

  #do(step) {
    const { mailbox } = this.stage;
    switch (step) {
      case "harmless": return this.#say("bert", step);
      case "confidential": return this.#say("anna", step);
      case "whisper": return this.stage.bring("anna").point();
      case "mail": return mailbox.open();
      case "evening": return this.state.locked ? this.#say("celine", step) : this.#later("evening");
      case "morning": return this.#later("morning");
      case "advice": return this.#ask("anna", step);
      default: return post("/story", { do: "restart" });
    }
  }

  /** Move the clock with every private chat put away: the group is what changes. */
  #later(moment) {
    this.stage.phones.forEach((phone) => phone.close());
    return this.stage.clock.move(moment);
  }

  #say(who, step) {
    const phone = this.stage.bring(who);
    phone.close();
    return phone.public.write(text(`story.${step}.sample`));
  }

  #ask(who, step) {
    const phone = this.stage.bring(who);
    phone.open(false);
    return phone.private.write(text(`story.${step}.sample`));
  }
}

function dots(number, total) {
  return Array.from({ length: total }, (_, at) =>
    make("i", { className: at + 1 < number ? "done" : at + 1 === number ? "now" : "" }));
}

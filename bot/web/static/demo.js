// The demo page: one stream of states, shown on three phones, a clock, a mailbox and a story.

import { ClockFace, Mailbox } from "./bar.js";
import { Phone } from "./phone.js";
import { Story } from "./story.js";

const phones = new Map();
const clock = new ClockFace();
const mailbox = new Mailbox();
const offline = document.querySelector(".offline");

document.querySelectorAll(".phone").forEach((section) => {
  const phone = new Phone(section, news);
  phones.set(phone.who, phone);
  section.addEventListener("focusin", () => front(phone.who));
});
const story = new Story({ clock, mailbox, phones, bring: front });

/** Put one phone in front (small screens show one at a time) and return it. */
function front(who) {
  document.body.dataset.phone = who;
  phones.forEach((phone) => {
    phone.section.classList.toggle("front", phone.who === who);
    // A message is read out once, not once per phone.
    phone.groupList.setAttribute("aria-live", phone.who === who ? "polite" : "off");
  });
  document.querySelectorAll(".tab").forEach((tab) => {
    const chosen = tab.dataset.person === who;
    tab.setAttribute("aria-pressed", String(chosen));
    if (chosen) tab.querySelector(".dot").hidden = true;
  });
  return phones.get(who);
}

function news(phone, whispered) {
  if (document.body.dataset.phone !== phone.who && whispered) {
    document.querySelector(`.tab[data-person="${phone.who}"] .dot`).hidden = false;
  }
}

function show(state) {
  clock.show(state.clock);
  mailbox.show(state.mails);
  phones.forEach((phone) => phone.show(state));
  story.show(state);
}

function listen() {
  const stream = new EventSource("/live");
  let lost;
  stream.onmessage = (event) => {
    clearTimeout(lost);
    lost = undefined;
    offline.hidden = true;
    show(JSON.parse(event.data));
  };
  stream.onerror = () => {
    lost ??= setTimeout(() => { offline.hidden = false; }, 1500);
    // A refused stream (too many pages open) is not tried again by the browser itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
}

document.querySelectorAll(".tab").forEach((tab) => tab.addEventListener("click", () => front(tab.dataset.person)));
front(document.body.dataset.phone);
listen();

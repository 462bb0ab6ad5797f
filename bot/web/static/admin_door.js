// The door: the button uses the one-time link up, looking at it does not.

import { ask, one } from "/static/admin_kit.js";

one("[data-link]")?.addEventListener("click", async (event) => {
  if (await ask("/beheer/in", { link: event.currentTarget.dataset.link })) location.assign("/beheer");
});

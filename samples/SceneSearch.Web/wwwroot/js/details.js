// A window's picture with what is known of it. Escape closes, as dialogs do.

import { pictureOf } from "./api.js";
import * as format from "./format.js";

const byId = id => document.getElementById(id);

export class Details {
  #hit = null;

  // actions: alike(hit), shown(hit), closed(hit)
  constructor(actions) {
    this.dialog = byId("details");
    byId("details-close").addEventListener("click", () => this.dialog.close());
    byId("details-like").addEventListener("click", () => this.#then(actions.alike));
    byId("details-show").addEventListener("click", () => this.#then(actions.shown));
    this.dialog.addEventListener("close", () => actions.closed(this.#hit));
    // A click beside it.
    this.dialog.addEventListener("click", event => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  open(hit) {
    this.#hit = hit;
    byId("details-title").textContent = hit.title;
    const picture = byId("details-picture");
    picture.alt = `Picture of ${hit.title}`;
    picture.removeAttribute("src"); // not the one before, until it has come
    picture.src = pictureOf(hit.id, 1024);
    const facts = [
      ["Likely", format.percent(hit.probability)], ["Score", format.score(hit)], ["Where", format.position(hit)],
      ["Size", format.ground(hit)], ["Taken", hit.date], ["In the scene", format.pixels(hit)],
      ["Resolution", hit.metersPerPixel == null ? null : `${hit.metersPerPixel.toPrecision(3)} m a pixel`],
    ].filter(([, value]) => value != null);
    byId("details-facts").replaceChildren(...facts.flatMap(([name, value]) => [cell("dt", name), cell("dd", value)]));
    this.dialog.showModal();
    byId("details-like").focus();
  }

  #then(action) {
    this.dialog.close();
    action(this.#hit);
  }
}

function cell(kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  return element;
}

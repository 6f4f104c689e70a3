// The list of results: one option has the focus, arrows move it, Enter opens it.

import { pictureOf } from "./api.js";
import { css } from "./colors.js";
import * as format from "./format.js";

export class ResultList {
  #items = [];
  #hits = [];

  // actions: opened(hit), moved(hit), lit(hit or null), alike(hit), left()
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
    element.addEventListener("keydown", event => this.#onKey(event));
    element.addEventListener("click", event => this.#at(event, hit => {
      this.choose(hit, false);
      actions.opened(hit);
    }));
    element.addEventListener("mouseover", event => this.#at(event, actions.lit));
    element.addEventListener("mouseleave", () => actions.lit(null));
    element.addEventListener("focusin", event => this.#at(event, hit => this.choose(hit, false)));
  }

  show(hits, colors, isGrid) {
    this.#hits = hits;
    this.#items = hits.map((hit, i) => option(hit, i, colors[i], isGrid));
    this.element.replaceChildren(...this.#items);
    this.element.scrollTop = 0;
    if (this.#items.length > 0) this.#items[0].tabIndex = 0;
  }

  // Marks a hit, and takes the focus to it if asked to.
  choose(hit, focus) {
    const chosen = this.#hits.indexOf(hit);
    this.#items.forEach((item, i) => {
      item.setAttribute("aria-selected", String(i === chosen));
      item.tabIndex = i === Math.max(chosen, 0) ? 0 : -1;
    });
    if (chosen < 0) return;
    if (focus) this.#items[chosen].focus();
    this.#items[chosen].scrollIntoView({ block: "nearest" });
    this.actions.moved(hit);
  }

  light(hit) {
    const lit = this.#hits.indexOf(hit);
    this.#items.forEach((item, i) => item.classList.toggle("lit", i === lit));
  }

  enter() {
    if (this.#hits.length > 0) this.choose(this.#hits[this.#chosen()], true);
    return this.#hits.length > 0;
  }

  #chosen() {
    return Math.max(0, this.#items.findIndex(item => item.getAttribute("aria-selected") === "true"));
  }

  #at(event, action) {
    const hit = this.#hits[this.#items.indexOf(event.target.closest("li"))];
    if (hit) action(hit);
  }

  #onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = this.#chosen(), last = this.#hits.length - 1;
    const across = getComputedStyle(this.element).gridTemplateColumns.split(" ").length;
    const next = { ArrowDown: at + across, ArrowUp: at - across, ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last,
      PageDown: at + 8 * across, PageUp: at - 8 * across }[event.key];
    if (next !== undefined) {
      if (next < 0 && event.key === "ArrowUp") this.actions.left();
      else this.choose(this.#hits[Math.min(Math.max(next, 0), last)], true);
    } else if (event.key === "Enter" || event.key === " ") this.actions.opened(this.#hits[at]);
    else if (event.key === "m" || event.key === "M") this.actions.alike(this.#hits[at]);
    else if (event.key === "Escape") this.actions.left();
    else return;
    event.preventDefault();
  }
}

function option(hit, i, color, isGrid) {
  const item = document.createElement("li");
  item.role = "option";
  item.tabIndex = -1;
  item.id = `hit-${i}`;
  item.setAttribute("aria-selected", "false");
  const picture = new Image(88, 88);
  picture.loading = i < 8 ? "eager" : "lazy";
  picture.decoding = "async";
  picture.alt = "";
  picture.src = pictureOf(hit.id, isGrid ? 320 : 160);
  const mark = document.createElement("span");
  mark.className = "mark";
  mark.style.background = css(color);
  const facts = document.createElement("div");
  const scored = line("fact", format.fit(hit));
  if (!isGrid) scored.prepend(mark);
  facts.append(line("title", hit.title), scored,
    ...[format.position(hit) ?? format.pixels(hit), [hit.date, format.ground(hit)].filter(Boolean).join(", ")]
      .filter(Boolean).map(text => line("fact", text)));
  item.append(picture, facts);
  return item;
}

function line(kind, text) {
  const element = document.createElement("div");
  element.className = kind;
  element.textContent = text;
  element.title = text;
  return element;
}

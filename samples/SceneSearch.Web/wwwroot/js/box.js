// A box to search in: drawn, typed, or what is on the screen.

import { coordinate } from "./format.js";

const byId = id => document.getElementById(id);
const sides = ["west", "south", "east", "north"];

export class Box {
  #panel = byId("box-panel");
  #button = byId("draw-box");
  #group = null;

  // actions: changed(box or null)
  constructor(sceneMap, actions) {
    this.sceneMap = sceneMap;
    this.actions = actions;
    this.drag = new ol.interaction.DragBox({ condition: ol.events.condition.primaryAction });
    this.drag.setActive(false);
    sceneMap.map.addInteraction(this.drag);
    this.drag.on("boxend", () => {
      this.#draw(false);
      actions.changed(this.drag.getGeometry().getExtent());
    });
    this.#button.addEventListener("click", () => this.#draw(!this.drag.getActive()));
    document.addEventListener("keydown", event => {
      if (event.key === "Escape" && this.drag.getActive()) this.#draw(false);
    });
    byId("box-screen").addEventListener("click", () => this.#fill(sceneMap.screen()));
    byId("box-clear").addEventListener("click", () => this.#done(null));
    this.#panel.addEventListener("submit", event => {
      event.preventDefault();
      this.#submit();
    });
    this.#panel.addEventListener("toggle", event => {
      if (event.newState === "open") this.#panel.elements.west.focus();
    });
  }

  showGroup(group) {
    this.#group = group;
    this.#draw(false);
    for (const button of [this.#button, byId("open-box")]) {
      button.disabled = !group.hasCoordinates;
      button.title = group.hasCoordinates ? "" : "These scenes have no coordinates on the earth";
    }
    byId("box-system").textContent = `${group.title} (${group.code}), in ${group.unit}.`;
  }

  show(box) {
    for (const [i, side] of sides.entries())
      this.#panel.elements[side].value = box ? coordinate(box[i], this.#group.unit) : "";
    byId("box-fault").textContent = "";
    byId("open-box").textContent = box ? "Box: on" : "Box by numbers";
  }

  #draw(isOn) {
    this.drag.setActive(isOn);
    this.#button.setAttribute("aria-pressed", String(isOn));
    byId("map").classList.toggle("drawing", isOn);
  }

  #fill(box) {
    this.show(box);
    this.#done(box);
  }

  #submit() {
    const box = sides.map(side => Number(this.#panel.elements[side].value.replace(",", ".")));
    const isBox = box.every(Number.isFinite) && box[0] < box[2] && box[1] < box[3];
    byId("box-fault").textContent = isBox ? "" : "West must be less than east, and south less than north; all are numbers.";
    if (isBox) this.#done(box);
  }

  #done(box) {
    this.#panel.hidePopover();
    this.actions.changed(box);
  }
}

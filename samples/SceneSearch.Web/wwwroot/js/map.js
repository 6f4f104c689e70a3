// The map of one group of scenes: their own pictures in their own coordinates, and windows that were found over them.

import { tileAddress } from "./api.js";
import { coordinate } from "./format.js";
import * as styles from "./mapstyles.js";

export class SceneMap {
  #map;
  #tiles = null;
  #group = null;
  #scenes = new ol.source.Vector({ wrapX: false });
  #windows = new ol.source.Vector({ wrapX: false });
  #boxes = new ol.source.Vector({ wrapX: false });
  #state = { chosen: null, lit: null };
  #mouse = new ol.control.MousePosition({ coordinateFormat: at => this.#told(at), placeholder: "" });

  // actions: opened(hit), lit(hit or null), moved()
  constructor(element, actions) {
    this.#map = new ol.Map({
      target: element,
      controls: [new ol.control.Zoom(), new ol.control.ScaleLine(), this.#mouse],
      layers: [
        new ol.layer.Vector({ source: this.#scenes, style: styles.scene }),
        new ol.layer.Vector({ source: this.#windows, style: feature => styles.window(feature, this.#state) }),
        new ol.layer.Vector({ source: this.#boxes, style: styles.box }),
      ],
    });
    this.#map.on("click", event => {
      const hit = this.#under(event.coordinate);
      if (hit) actions.opened(hit);
    });
    this.#map.on("pointermove", event => {
      if (event.dragging) return;
      const hit = this.#under(event.coordinate);
      element.style.cursor = hit ? "pointer" : "";
      actions.lit(hit);
    });
    this.#map.on("moveend", actions.moved);
  }

  get map() {
    return this.#map;
  }

  // Shows another map; a view of three numbers is that of a link.
  showGroup(group, view) {
    this.#group = group;
    const projection = new ol.proj.Projection({
      code: group.code, units: group.unit, extent: group.extent, global: false,
      getPointResolution: group.unit === "degrees" ? undefined : resolution => resolution,
    });
    // Pixels have no length on the ground.
    this.#map.getTargetElement().classList.toggle("pixels", group.unit === "pixels");
    const [minX, , , maxY] = group.extent;
    if (this.#tiles) this.#map.removeLayer(this.#tiles);
    this.#tiles = new ol.layer.Tile({
      source: new ol.source.TileImage({
        projection, url: tileAddress(group), wrapX: false, transition: 120,
        tileGrid: new ol.tilegrid.TileGrid({
          extent: group.extent, origin: [minX, maxY], resolutions: group.resolutions, tileSize: group.tileSize,
        }),
      }),
    });
    this.#map.getLayers().insertAt(0, this.#tiles);
    this.#map.setView(new ol.View({
      projection, center: ol.extent.getCenter(group.extent), resolution: group.resolutions[0], constrainResolution: false,
      maxResolution: 4 * group.resolutions[0], minResolution: group.resolutions.at(-1) / 4, enableRotation: false,
    }));
    if (view) {
      this.#map.getView().setCenter(view.slice(0, 2));
      this.#map.getView().setResolution(view[2]);
    } else this.#fit(group.extent);
    this.#scenes.clear();
    this.#scenes.addFeatures(group.scenes.map(scene => feature(scene.ring)));
  }

  // More of its scenes have pictures now.
  renew(group) {
    this.#tiles.getSource().setUrl(tileAddress(group));
  }

  showHits(hits, strengths) {
    this.#windows.clear();
    // The best lie on top.
    this.#windows.addFeatures(hits.map((hit, i) => feature(hit.ring, { hit, strength: strengths[i] })).reverse());
  }

  showBox(box) {
    this.#boxes.clear();
    if (box) this.#boxes.addFeature(new ol.Feature(ol.geom.Polygon.fromExtent(box)));
  }

  choose(hit) {
    this.#state.chosen = hit;
    this.#windows.changed();
    if (!hit) return;
    const extent = ol.extent.boundingExtent(hit.ring);
    if (!ol.extent.containsExtent(this.screen(), extent)) this.#map.getView().setCenter(ol.extent.getCenter(extent));
  }

  light(hit) {
    if (this.#state.lit === hit) return;
    this.#state.lit = hit;
    this.#windows.changed();
  }

  goTo(hit) {
    const extent = ol.extent.boundingExtent(hit.ring);
    this.#fit(ol.extent.buffer(extent, ol.extent.getWidth(extent)));
  }

  // What is on the screen, of the map.
  screen() {
    return this.#map.getView().calculateExtent(this.#map.getSize());
  }

  view() {
    const view = this.#map.getView();
    return [...view.getCenter(), view.getResolution()];
  }

  #fit(extent) {
    this.#map.updateSize();
    const size = this.#map.getSize();
    if (size && size[0] > 0 && size[1] > 0) this.#map.getView().fit(extent, { size, padding: [24, 24, 24, 24] });
  }

  // The best one.
  #under(coordinate) {
    const found = this.#windows.getFeaturesAtCoordinate(coordinate).map(feature => feature.get("hit"));
    return found.reduce((best, hit) => best && best.score >= hit.score ? best : hit, null);
  }

  #told(at) {
    return this.#group && at ? at.map(value => coordinate(value, this.#group.unit)).join(", ") : "";
  }
}

function feature(ring, values = {}) {
  return new ol.Feature({ ...values, geometry: new ol.geom.Polygon([[...ring, ring[0]]]) });
}

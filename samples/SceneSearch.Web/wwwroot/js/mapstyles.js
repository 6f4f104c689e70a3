// How scenes, windows and the box look over any land: a dark line below a bright one.

import { colorOf, rgba } from "./colors.js";

const line = (color, width, lineDash) => new ol.style.Style({ stroke: new ol.style.Stroke({ color, width, lineDash }) });

const filled = color => new ol.style.Style({ fill: new ol.style.Fill({ color }) });

export const scene = [line([0, 0, 0, 0.5], 2), line([255, 255, 255, 0.7], 1)];

export const box = [filled([255, 255, 255, 0.08]), line([0, 0, 0, 0.7], 4), line([255, 255, 255, 1], 2, [8, 6])];

export function window(feature, { chosen, lit }) {
  const hit = feature.get("hit"), strength = feature.get("strength"), color = colorOf(strength);
  const isChosen = hit === chosen, isLit = isChosen || hit === lit;
  // What hardly fits is drawn thin, so that it doesn't hide the land nor what fits.
  const width = isLit ? 4 : 1 + 1.5 * strength;
  const styles = [
    filled(rgba(color, isLit ? 0.08 : 0.25 * strength)),
    line(isChosen ? [255, 255, 255, 1] : [0, 0, 0, isLit ? 0.7 : 0.2 + 0.4 * strength], width + (isLit ? 3 : 2)), line(rgba(color, 1), width),
  ];
  if (isLit) styles.forEach(style => style.setZIndex(isChosen ? 2 : 1));
  return styles;
}

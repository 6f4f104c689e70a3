// Numbers and places as people read them.

const degrees = (value, positive, negative) => `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`;

export const position = hit => hit.latitude == null ? null
  : `${degrees(hit.latitude, "N", "S")}, ${degrees(hit.longitude, "E", "W")}`;

export const pixels = hit => hit.width == null ? null : `column ${hit.column}, row ${hit.row}, ${hit.width} × ${hit.height} pixels`;

export const ground = hit => hit.metersPerPixel == null ? null
  : `${(hit.width * hit.metersPerPixel).toFixed(0)} × ${(hit.height * hit.metersPerPixel).toFixed(0)} m`;

export const percent = share => share == null ? null
  : share < 0.005 ? "under 1 %" : share > 0.995 ? "over 99 %" : `${(100 * share).toFixed(0)} %`;

export const score = hit => hit.score.toFixed(3);

export const fit = hit => hit.probability == null ? `score ${score(hit)}` : `${percent(hit.probability)} likely, score ${score(hit)}`;

export const count = (number, one) => `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;

export const coordinate = (value, unit) => value.toFixed(unit === "degrees" ? 5 : unit === "pixels" ? 0 : 1);

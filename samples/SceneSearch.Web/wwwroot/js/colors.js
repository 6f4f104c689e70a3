// Scores as colors, from violet to yellow: they are told apart on land, water and by people who don't see red or green.

const stops = [[106, 20, 160], [177, 42, 144], [225, 100, 98], [252, 166, 54], [246, 230, 70]];

// How much each hit stands out, 0 to 1: by its probability, or beside the others where there is none.
export function strengths(hits) {
  const scores = hits.map(hit => hit.score);
  const least = Math.min(...scores), span = Math.max(...scores) - least || 1;
  return hits.map(hit => hit.probability ?? (hit.score - least) / span);
}

export const colorOf = strength => between(strength * (stops.length - 1));

function between(at) {
  const low = Math.min(Math.floor(at), stops.length - 2), share = at - low;
  return stops[low].map((value, i) => Math.round(value + share * (stops[low + 1][i] - value)));
}

export const css = ([red, green, blue], alpha = 1) => `rgb(${red} ${green} ${blue} / ${alpha})`;

export const rgba = (color, alpha) => [...color, alpha];

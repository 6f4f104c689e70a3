// The address after '#': text, likeness, map, box and view, so that a link shows the same.

const numbers = (text, count) => {
  const parts = text?.split(",").map(Number) ?? [];
  return parts.length === count && parts.every(Number.isFinite) ? parts : null;
};

const short = number => Number(number.toPrecision(10));

export function readLink() {
  const hash = new URLSearchParams(location.hash.slice(1));
  return {
    text: hash.get("q") ?? "",
    like: hash.get("like"),
    group: hash.get("map"),
    box: numbers(hash.get("box"), 4),
    view: numbers(hash.get("view"), 3),
    any: hash.get("any") === "1",
  };
}

export function writeLink({ text, like, group, box, view, any }) {
  const hash = new URLSearchParams();
  if (like) hash.set("like", like);
  else if (text) hash.set("q", text);
  if (group) hash.set("map", group);
  if (box) hash.set("box", box.map(short).join(","));
  if (view) hash.set("view", view.map(short).join(","));
  if (any) hash.set("any", "1");
  const next = `#${hash}`;
  if (next !== location.hash) history.replaceState(null, "", next);
}

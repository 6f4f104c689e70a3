// What the server is asked for. Faults are errors whose message is for people.

export const pictureOf = (id, side) => `pictures/${id}?side=${side}`;

// The number of scenes whose pictures are ready: tiles that lack some are asked for again.
export const tileAddress = group => `tiles/${group.id}/${group.stamp}/{z}/{x}/{y}?ready=${group.ready}`;

export const downloadAddress = asked => `api/places.geojson?${parameters(asked)}`;

export const fetchIndex = () => ask("api/index");

export const fetchHits = (asked, signal) => ask(`api/search?${parameters(asked)}`, signal);

function parameters({ text, like, box, group, top }) {
  const query = new URLSearchParams(like ? { like } : { q: text });
  if (box) {
    query.set("box", box.join(","));
    query.set("group", group);
  }
  if (top) query.set("top", top);
  return query;
}

async function ask(address, signal) {
  let response;
  try {
    response = await fetch(address, { signal });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Error("The server can't be reached. It may have been stopped.");
  }
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  const answer = isJson ? await response.json() : {};
  if (!response.ok) throw new Error(answer.detail ?? answer.title ?? `The server answered with ${response.status}.`);
  const total = /total;dur=([\d.]+)/.exec(response.headers.get("Server-Timing") ?? "");
  return { ...answer, milliseconds: total ? Number(total[1]) : null };
}

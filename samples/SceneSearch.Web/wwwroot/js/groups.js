// Which of the index's maps is shown; each tells how many results lie on it.

const byId = id => document.getElementById(id);

export class Groups {
  #all = [];

  // actions: changed(group)
  constructor(actions) {
    byId("group").addEventListener("change", event => actions.changed(this.find(event.target.value)));
  }

  set(all) {
    this.#all = all;
    byId("group").replaceChildren(...all.map(group => new Option(group.title, group.id)));
    byId("group").disabled = all.length < 2;
  }

  // The same maps, with more pictures.
  update(all) {
    this.#all = all;
  }

  find(id) {
    return this.#all.find(group => group.id === id) ?? this.#all[0] ?? null;
  }

  choose(group) {
    byId("group").value = group.id;
  }

  // Null: nothing was asked for.
  count(hits) {
    for (const option of byId("group").options) {
      const title = this.find(option.value).title;
      option.textContent = hits ? `${hits.filter(hit => hit.group === option.value).length} on ${title}` : title;
    }
  }

  // The other map with the best result.
  otherWith(hits, group) {
    const other = hits.find(hit => hit.group && hit.group !== group?.id);
    return other ? this.find(other.group) : null;
  }
}

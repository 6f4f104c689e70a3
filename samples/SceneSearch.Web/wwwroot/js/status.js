// A line that says what was found, one with figures, and a notice with what can be done about it. The lines always have their room.

const byId = id => document.getElementById(id);

export function say(text, figures = "") {
  byId("status").textContent = text;
  byId("asked").textContent = figures;
}

// buttons: [words, action], …; without words and buttons there is no notice.
export function notice(text, buttons = [], isFault = false) {
  const words = document.createElement("p"), row = document.createElement("div");
  words.textContent = text;
  words.classList.toggle("fault", isFault);
  row.className = "row";
  row.append(...buttons.map(([label, action]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", action);
    return button;
  }));
  byId("notice").replaceChildren(...text ? [words] : [], ...buttons.length > 0 ? [row] : []);
  byId("notice").hidden = !text && buttons.length === 0;
}

export function showHints(isShown, ideas, ask) {
  byId("hints").hidden = !isShown;
  byId("hints").querySelector("ul").replaceChildren(...ideas.map(idea => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.textContent = idea;
    button.addEventListener("click", () => ask(idea));
    item.append(button);
    return item;
  }));
}

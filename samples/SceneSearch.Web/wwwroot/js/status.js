// One line that says what was found, or why nothing was; and one that says what was asked for, with what can be done about it.

const byId = id => document.getElementById(id);

export function say(text, isFault = false) {
  byId("status").textContent = text;
  byId("status").classList.toggle("fault", isFault);
}

// buttons: [words, action], …
export function sayAsked(text, buttons = []) {
  byId("asked").replaceChildren(text, ...buttons.map(([words, action]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", action);
    return button;
  }).flatMap(button => [" ", button]));
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

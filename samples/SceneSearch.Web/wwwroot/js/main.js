// Puts the page together: what is asked for is one state, and whatever changes it searches again.

import { downloadAddress, fetchHits, fetchIndex } from "./api.js";
import { Box } from "./box.js";
import { colorOf, strengths } from "./colors.js";
import { Details } from "./details.js";
import { count, percent } from "./format.js";
import { Groups } from "./groups.js";
import { ResultList } from "./list.js";
import { SceneMap } from "./map.js";
import { readLink, writeLink } from "./permalink.js";
import { Searching } from "./searching.js";
import { notice, say, showHints } from "./status.js";

const ideas = ["tennis courts", "a bridge over a river", "planes parked beside a terminal", "boats in a harbor"];
const byId = id => document.getElementById(id);

class Page {
  state = { text: "", like: null, group: null, box: null, any: false };
  answer = null;
  index = null;
  map = null;
  box = null;

  constructor() {
    this.searching = new Searching(signal => this.search(signal));
    this.list = new ResultList(byId("list"), {
      opened: hit => this.details.open(hit), moved: hit => this.map?.choose(hit), lit: hit => this.map?.light(hit),
      alike: hit => this.ask({ like: hit.id }), left: () => byId("text").focus(),
    });
    this.details = new Details({
      alike: hit => this.ask({ like: hit.id }), shown: hit => this.map.goTo(hit), closed: hit => this.list.choose(hit, true),
    });
    this.groups = new Groups({ changed: group => this.showGroup(group, null) });
    byId("search").addEventListener("submit", event => {
      event.preventDefault();
      this.searching.now();
    });
    byId("text").addEventListener("input", event => this.ask({ text: event.target.value.trim() }, false));
    byId("text").addEventListener("keydown", event => {
      if (event.key === "ArrowDown" && this.list.enter()) event.preventDefault();
    });
    addEventListener("hashchange", () => this.follow(readLink()));
  }

  async start() {
    await this.readIndex();
    this.follow(readLink());
  }

  async readIndex() {
    this.index = await fetchIndex();
    document.body.className = this.index.kind;
    document.title = `${this.index.name} – scene search`;
    this.groups.set(this.index.groups ?? []);
    this.followPictures();
    if (this.index.kind !== "scenes" || this.map) return;
    this.map = new SceneMap(byId("map"), {
      opened: hit => {
        this.list.choose(hit, false);
        this.details.open(hit);
      },
      lit: hit => {
        this.list.light(hit);
        this.map.light(hit);
      },
      moved: () => this.link(),
    });
    this.box = new Box(this.map, { changed: box => this.ask({ box }) });
  }

  // Until all scenes have pictures, which the server makes once.
  followPictures(pause = 1500) {
    clearTimeout(this.following);
    const groups = this.index.groups ?? [];
    if (groups.every(group => group.ready === group.sceneCount)) return;
    this.following = setTimeout(async () => {
      const before = this.groups.find(this.state.group);
      try {
        const { groups: now, stamp } = await fetchIndex();
        // A search brings what else has changed.
        if (stamp === this.index.stamp) this.groups.update(this.index.groups = now);
      } catch {
        // The server is away, which the next search tells.
      }
      const after = this.groups.find(this.state.group);
      const isMore = after.ready !== before.ready;
      if (isMore) this.map.renew(after);
      // Some never get one, because their files are gone.
      this.followPictures(isMore ? 1500 : Math.min(1.5 * pause, 60000));
    }, pause);
  }

  // Takes what a link says, and searches for it.
  follow(link) {
    const group = this.groups.find(link.group);
    this.state = { text: link.text, like: link.like, group: group?.id ?? null, box: group?.hasCoordinates ? link.box : null, any: link.any };
    byId("text").value = link.text;
    if (group) this.showGroup(group, link.view, false);
    this.searching.now();
  }

  // Another text ends a likeness, and the other way around.
  ask(change, isNow = true) {
    if (change.text !== undefined) change = { ...change, like: null, any: false };
    if (change.like) byId("text").value = change.text = "";
    this.state = { ...this.state, ...change };
    this.map?.showBox(this.state.box);
    this.box?.show(this.state.box);
    this.link();
    if (isNow) this.searching.now();
    else this.searching.soon();
  }

  showGroup(group, view, isChosen = true) {
    if (isChosen) this.state = { ...this.state, group: group.id, box: null };
    this.groups.choose(group);
    this.map.showGroup(group, view);
    this.box.showGroup(group);
    this.map.showBox(this.state.box);
    this.box.show(this.state.box);
    this.show();
    this.link();
    // The box belonged to another map.
    if (isChosen) this.searching.now();
  }

  async search(signal) {
    if (!this.state.text && !this.state.like) {
      this.answer = null;
      this.show();
      return;
    }
    byId("results").ariaBusy = "true";
    try {
      const answer = await fetchHits(this.state, signal);
      // Scenes have come or gone since the page was opened.
      if (answer.stamp !== (this.index.stamp ?? null)) await this.renew();
      signal.throwIfAborted();
      this.answer = answer;
      this.show();
    } catch (fault) {
      if (fault.name === "AbortError") throw fault;
      this.fail(fault);
    } finally {
      byId("results").ariaBusy = "false";
    }
  }

  async renew() {
    const view = this.map?.view();
    await this.readIndex();
    const group = this.groups.find(this.state.group);
    if (!group) return;
    if (group.id !== this.state.group) this.state = { ...this.state, group: group.id, box: null };
    this.groups.choose(group);
    this.map.showGroup(group, view);
    this.box.showGroup(group);
  }

  show() {
    const answer = this.answer, isShown = answer && (!answer.nothing || this.state.any);
    const all = isShown ? answer.hits : [], hits = this.map ? all.filter(hit => hit.group === this.state.group) : all;
    const strong = strengths(hits);
    this.list.show(hits, strong.map(colorOf), !this.map);
    this.map?.choose(null);
    this.map?.showHits(hits, strong);
    this.groups.count(isShown ? all : null);
    showHints(!answer, ideas, idea => {
      byId("text").value = idea;
      this.ask({ text: idea });
    });
    const link = byId("download");
    link.ariaDisabled = String(all.length === 0);
    if (all.length > 0) link.href = downloadAddress(this.state);
    else link.removeAttribute("href");
    this.tell(answer, all, hits);
  }

  tell(answer, all, hits) {
    const thing = this.map ? "window" : "image";
    if (!answer) {
      say(this.index ? `${count(this.index.count, thing)} to search` : "");
      notice("");
      return;
    }
    const any = answer.probabilityOfAny == null ? "" : `Any fits with ${percent(answer.probabilityOfAny)}. `;
    const figures = any + (answer.milliseconds == null ? "" : `${answer.milliseconds.toFixed(0)} ms.`);
    const everywhere = this.state.box ? [["Search everywhere", () => this.ask({ box: null })]] : [];
    if (answer.nothing && !this.state.any) {
      say("Nothing found", figures);
      notice(answer.message, [
        ...(answer.hits.length > 0 ? [["Show the nearest anyway", () => this.ask({ any: true })]] : []), ...everywhere,
      ]);
      return;
    }
    const other = this.map && hits.length === 0 ? this.groups.otherWith(all, { id: this.state.group }) : null;
    say(`${count(hits.length, thing)} of ${answer.count.toLocaleString("en")}${this.state.like ? " look alike" : ""}`
      + (this.state.box ? ", inside the box" : ""), figures);
    notice([answer.warning, other ? "Other maps have some." : ""].filter(Boolean).join(" "), [
      ...(other ? [[`Show ${other.title}`, () => this.showGroup(other, null)]] : []), ...everywhere,
    ]);
  }

  // What was found before stays.
  fail(fault) {
    say("That did not work");
    notice(fault.message, [["Try again", () => this.searching.now()]], true);
  }

  link() {
    writeLink({ ...this.state, view: this.map && this.state.group ? this.map.view() : null });
  }
}

addEventListener("DOMContentLoaded", async () => {
  const page = new Page();
  try {
    await page.start();
  } catch (fault) {
    page.fail(fault);
  }
});

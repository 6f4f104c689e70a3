// Searches as the user types: a pause first, and a newer search ends the one that goes on.

const pause = 220;

export class Searching {
  #timer = 0;
  #going = null;

  constructor(run) {
    this.run = run; // gets a signal
  }

  soon() {
    this.cancel();
    this.#timer = setTimeout(() => this.now(), pause);
  }

  now() {
    this.cancel();
    const going = this.#going = new AbortController();
    this.run(going.signal).catch(fault => {
      if (fault.name !== "AbortError") throw fault;
    });
  }

  cancel() {
    clearTimeout(this.#timer);
    this.#going?.abort();
    this.#going = null;
  }
}

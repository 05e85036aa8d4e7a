// What has been loaded of one list of images, and where it goes on.

export class Feed {
  /** @type {Hit[]} in their order */
  items = [];

  /** @type {HTMLLIElement[]} one for each of `items` */
  tiles = [];

  /** @type {ResultPage | null} the page that came last; null while the first is awaited */
  page = null;

  /** How many images there are in all, as far as is known. */
  total = 0;

  /** Whether a page is asked for now. */
  loading = false;

  /** Whether images of the next page would be shown. */
  wanted = false;

  #abort = new AbortController();
  #next;
  #shortened = false; // an image was deleted: what follows may have moved up
  #source;

  /** @param {Source} source */
  constructor(source) {
    this.#source = source;
    this.#next = /** @type {Cursor | null} */ (source.first);
  }

  /** Whether these are the hits of a search; else they are all images of the collection. */
  get search() {
    return this.#source.search;
  }

  /** Whether everything there is has been loaded, or all that can be paged through. */
  get complete() {
    return this.#next === null;
  }

  /** Ask for no more. */
  abort() {
    this.#abort.abort();
  }

  /** Return the next page, which `add` takes. There has to be one. */
  async nextPage() {
    const cursor = this.#next ?? this.#source.first;
    const again = this.#shortened;
    this.loading = true;
    this.#shortened = false;
    try {
      return await this.#source.ask(again ? this.#source.before(cursor) : cursor, this.#abort.signal);
    } catch (error) {
      this.#shortened ||= again;
      throw error;
    } finally {
      this.loading = false;
    }
  }

  /**
   * Add a page and return the tiles of what is new: pages overlap when the collection changes between them.
   * @param {ResultPage} page @param {(hit: Hit) => HTMLLIElement} makeTile
   */
  add(page, makeTile) {
    this.page = page;
    this.total = page.total;
    this.#next = page.next;
    const known = new Set(this.items.map((hit) => hit.id));
    const items = page.items.filter((hit) => !known.has(hit.id));
    const tiles = items.map(makeTile);
    this.items.push(...items);
    this.tiles.push(...tiles);
    return tiles;
  }

  /** Take the image `id` out of the list; return whether it was there. @param {string} id */
  remove(id) {
    const index = this.items.findIndex((hit) => hit.id === id);
    if (index < 0) return false;
    this.tiles[index]?.remove();
    this.tiles.splice(index, 1);
    this.items.splice(index, 1);
    this.total -= 1;
    this.#shortened = true;
    return true;
  }
}

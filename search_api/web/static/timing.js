// Measures the way from the API's answer to what the reader sees, for the browser's own performance tools.

/** Mark that an answer is there. */
export function markAnswer() {
  performance.mark("answer");
}

/**
 * Mark when `tiles` are drawn, and when the images in sight are; `isCurrent` says whether they are shown still.
 * @param {HTMLElement[]} tiles @param {() => boolean} isCurrent
 */
export function markDrawn(tiles, isCurrent) {
  requestAnimationFrame(() =>
    setTimeout(async () => {
      performance.mark("drawn");
      performance.measure("answer-to-drawn", "answer", "drawn");
      const visible = tiles.filter((tile) => tile.getBoundingClientRect().top < innerHeight && !tile.hidden);
      await Promise.allSettled(visible.map((tile) => tile.querySelector("img")?.decode()));
      if (!isCurrent()) return;
      performance.mark("images");
      performance.measure("answer-to-images", "answer", "images");
    }),
  );
}

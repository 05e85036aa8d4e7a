// Measures the way from the API's answer to what the reader sees, for the browser's own performance tools.

/** Mark that an answer is there. */
export function markAnswer() {
  performance.mark("answer");
}

/** Mark when `tiles` are drawn, and when the pictures in sight are; `current` says whether they are shown still. */
export function markDrawn(tiles, current) {
  requestAnimationFrame(() =>
    setTimeout(async () => {
      performance.mark("drawn");
      performance.measure("answer-to-drawn", "answer", "drawn");
      const visible = tiles.filter((tile) => tile.getBoundingClientRect().top < innerHeight && !tile.hidden);
      await Promise.allSettled(visible.map((tile) => tile.querySelector("img").decode()));
      if (!current()) return;
      performance.mark("pictures");
      performance.measure("answer-to-pictures", "answer", "pictures");
    }),
  );
}

// What the server tells the page: embedded in the shell as data.

const read = (page, id) => JSON.parse(page.getElementById(id).textContent);

export const facts = read(document, "facts");
export const catalog = read(document, "texts");

/** The model's suggested threshold, when the extractor was away while the page was made. */
export async function askForSuggestion() {
  const answer = await fetch("./");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  facts.suggestedThreshold = read(page, "facts").suggestedThreshold;
  return facts.suggestedThreshold !== null;
}

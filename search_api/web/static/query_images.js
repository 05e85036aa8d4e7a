// The pictures that were uploaded to search by: kept by number while the page lives, so that Back finds them.

import { ApiError, route } from "./api.js";
import { change, state } from "./state.js";

const kept = new Map();
let last = 0;
let fetched = { address: "", file: null };

/** Search by `file`. */
export function searchByFile(file, name = file.name) {
  last += 1;
  kept.set(last, { file, name, url: URL.createObjectURL(file) });
  change({ picture: last, id: "", box: "" });
}

/** The upload that is searched by now, or undefined. */
export function currentPicture() {
  return kept.get(state.picture);
}

/** The bytes to search by a part of: the upload's own, or those of the indexed picture. */
export async function currentBytes(signal) {
  const picture = currentPicture();
  if (picture) return picture.file;
  const address = route(`images/${encodeURIComponent(state.id)}/file`);
  if (fetched.address !== address) {
    const answer = await fetch(address, { signal });
    if (!answer.ok) throw new ApiError("not_found", "", { status: answer.status });
    fetched = { address, file: await answer.blob() };
  }
  return fetched.file;
}

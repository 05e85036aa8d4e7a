// The images that were uploaded to search by: kept by number while the page lives, so that Back finds them.

import { ApiError, imageRoute } from "./api.js";
import { change, state } from "./state.js";

/** @type {Map<number | null, {file: File, name: string, url: string}>} */
const kept = new Map();
let last = 0;

/** @type {{address: string, file: Blob} | null} */
let fetched = null;

/** Search by `file`. @param {File} file @param {string} [name] */
export function searchByFile(file, name = file.name) {
  last += 1;
  kept.set(last, { file, name, url: URL.createObjectURL(file) });
  change({ queryImage: last, id: "", box: "" });
}

/** Return the upload that is searched by now, or undefined. */
export function currentUpload() {
  return kept.get(state.queryImage);
}

/**
 * Return the bytes to search by a part of: the upload's own, or those of the indexed image.
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 */
export async function currentBytes(signal) {
  const upload = currentUpload();
  if (upload) return upload.file;
  const address = imageRoute(state.id, "file");
  if (fetched?.address === address) return fetched.file;
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new ApiError("not_found", "", { status: answer.status });
  fetched = { address, file: await answer.blob() };
  return fetched.file;
}

// Sends the chosen picture to the search service and lists the best finds, whatever their scores.

const BEST = 30;

const drop = document.getElementById("drop");
const file = document.getElementById("file");
const query = document.getElementById("query");
const statusLine = document.getElementById("status");
const finds = document.getElementById("finds");

let asked = 0;

file.addEventListener("change", () => file.files[0] && search(file.files[0]));

for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) {
  drop.addEventListener(name, () => drop.classList.remove("over"));
}
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  const dropped = event.dataTransfer.files[0];
  if (dropped) search(dropped);
});

async function search(picture) {
  const mine = ++asked;
  show(picture);
  say("Searching …");
  finds.replaceChildren();
  const form = new FormData();
  form.append("file", picture);
  form.append("score", "-1");
  form.append("pageSize", String(BEST));
  const answer = await ask(form);
  if (mine !== asked) return; // a later picture was chosen meanwhile
  if (answer.code !== 200) {
    say(answer.detail, true);
    return;
  }
  const { dataList, total, took } = answer.data;
  say(`The best ${dataList.length} of ${total} images, in ${Math.round(took.total)} ms`);
  finds.replaceChildren(...dataList.map(find));
}

async function ask(form) {
  try {
    const response = await fetch("searchByImage", { method: "POST", body: form });
    return await response.json();
  } catch {
    return { code: 0, detail: "The search service does not answer. Is it still running?" };
  }
}

function show(picture) {
  URL.revokeObjectURL(query.src);
  query.src = URL.createObjectURL(picture);
  query.alt = `Your picture ${picture.name}`;
  query.hidden = false;
}

function say(text, failed = false) {
  statusLine.textContent = text;
  statusLine.classList.toggle("failed", failed);
}

function find(hit) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `images/${hit.id}/file`;
  const image = document.createElement("img");
  image.src = `images/${hit.id}/thumbnail`;
  image.alt = hit.file_path;
  image.loading = "lazy";
  const score = document.createElement("strong");
  score.textContent = "score" in hit ? hit.score.toFixed(3) : `distance ${hit.distance.toFixed(1)}`;
  const path = document.createElement("span");
  path.textContent = hit.file_path;
  link.append(image, score, path);
  item.append(link);
  return item;
}

// The shapes that the page's modules share: what the API answers, and what the page makes of it. For tsc alone; the
// browser never loads this file.

type Mode = "exact" | "ann";
type JobState = "running" | "stopping" | "done" | "failed" | "stopped" | "interrupted";
type Filter = Record<string, MetadataValue[]>;
type MetadataValue = string | number | boolean;

/** A search parameter of the service; `kind` is the JSON type of its value. A list stays as it is written. */
interface ServerParameter {
  name: string;
  kind: string;
  default: unknown;
}

/** The bootstrap config: what the service tells the page, in the page itself and at page.json. */
interface Config {
  images: number | null; // null: the store was away
  modes: Mode[];
  suggestedThreshold: number | null; // null: the extractor was away
  parameters: ServerParameter[];
  needsKey: boolean;
  batchFiles: number;
  maxBytes: number;
  maxDepth: number;
  pageSize: number;
  uploadFolder: string;
  jobStates: { ended: JobState[]; resumable: JobState[] };
}

/** A row of the table in parameters.js. */
interface Parameter {
  name: string;
  kind: string;
  default: unknown; // what the state has where the address says nothing
  control: string | null; // the id of what sets it on the page; null: only the address does
  live: boolean; // a change acts on the results that are there, and asks for no others
  toField: ((value: any) => unknown) | null; // what a search sends for a value; null: it is not sent as a field
}

/** What is being looked at; parameters that only the service knows are here too, by their names. */
interface State {
  [name: string]: unknown;
  collection: string;
  id: string;
  box: string;
  score: number | null;
  distance: number | null;
  top: number | null;
  filter: Filter;
  excludeSelf: boolean;
  collapse: boolean;
  queryImage: number | null; // the number of an uploaded query image
}

/** How a change of the state is kept: as a step to come back from, in place of the last one, or not at all. */
type Keep = "push" | "replace" | "none";

interface Copy {
  id: string;
  file_path: string;
  score?: number;
  distance?: number;
}

/** One image of a list: a result of a search, or an image of the collection. */
interface Hit extends Copy {
  metadata?: Record<string, MetadataValue>;
  similar?: number;
  collapsed?: Copy[];
}

/** Where a list goes on: the number of hits before it, or the id before it. */
type Cursor = number | string;

interface ResultPage {
  items: Hit[];
  total: number;
  atLeast: boolean; // there may be more than `total`
  took: number | null; // milliseconds
  next: Cursor | null;
  limited: boolean; // there are more, beyond what can be paged through
}

/** Where hits come from, page by page. */
interface Source {
  search: boolean; // else all images of the collection are listed
  first: Cursor;
  ask(cursor: Cursor, signal: AbortSignal): Promise<ResultPage>;
  before(cursor: Cursor): Cursor; // where to ask when images were deleted and what follows may have moved up
}

/** What a hit must reach to be shown. */
interface Bound {
  l2: boolean;
  passes(hit: Hit): boolean;
  shown: string;
}

interface CollectionSummary {
  name: string;
  images: number;
  metric: string | null; // null: the collection is not made yet
  modes: Mode[];
}

/** A file that failed: `file_path` where a job read it, `name` where it was uploaded. */
interface FileFailure {
  file_path?: string;
  name?: string;
  error: string;
  detail?: string;
}

interface Job {
  [count: string]: any;
  id: string;
  collection: string;
  path: string;
  state: JobState;
  total: number | null;
  done: number;
  rate: number | null;
  failed: number;
  failures: FileFailure[];
  error: string | null;
  detail: string | null;
}

interface UploadAnswer {
  items: { name: string; error?: string; detail?: string }[];
  added: number;
  updated: number;
  images: number | null;
}

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>;

import type { FileSink } from "../../sinks/file/file-sink.ts";
import type { SinkSpec } from "../../sinks/sink.ts";
import type { Clock } from "../clock.ts";
import type { RowIds } from "../row-ids.ts";
import { Journal, type JournaledRows } from "./journal.ts";

export interface JournalTableOptions {
  readonly clock: Clock;
  readonly rowIds: RowIds;
  readonly maxBytes: number | undefined;
  /** The rows of all stores that are written to the file of a journal. */
  readonly rowsOf: (path: string) => JournaledRows;
  readonly onChange: (path: string, error?: Error) => void;
}

/** The journals that are open: one a file, shared by the recordings that are written to it, as the file is. */
export class JournalTable {
  readonly #options: JournalTableOptions;
  readonly #journals = new Map<string, { readonly journal: Journal; readonly file: FileSink; users: number }>();

  constructor(options: JournalTableOptions) {
    this.#options = options;
  }

  get(spec: SinkSpec): Journal | undefined {
    return spec.kind === "file" ? this.#journals.get(spec.path)?.journal : undefined;
  }

  acquire(path: string, file: FileSink): Journal {
    let entry = this.#journals.get(path);
    if (entry === undefined) {
      const { clock, rowIds, maxBytes, rowsOf, onChange } = this.#options;
      const journal = new Journal({
        path,
        file,
        rows: rowsOf(path),
        clock,
        rowIds,
        maxBytes,
        onChange: (error) => onChange(path, error),
      });
      file.journal = journal;
      entry = { journal, file, users: 0 };
      this.#journals.set(path, entry);
    }
    entry.users += 1;
    return entry.journal;
  }

  /** The last one to leave removes it; the file is complete. */
  release(path: string): void {
    const entry = this.#journals.get(path);
    if (entry === undefined || --entry.users > 0) return;
    this.#journals.delete(path);
    entry.journal.close();
    entry.file.journal = undefined;
  }
}

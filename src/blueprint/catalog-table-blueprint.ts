import { enumName } from "../archetypes/accept.ts";
import { RerunError } from "../errors.ts";
import { saveBlueprint } from "../recording/blueprint/save-blueprint.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import { escapeEntityPathPart } from "../rrd/entity-path.ts";
import { AT_ZERO, type LogBlueprintRow } from "./blueprint-row.ts";
import { checkedComponents, checkOptionNames } from "./checked-components.ts";
import { CardLayout } from "./generated/card-layout.ts";
import { TableLayoutKind } from "./generated/enums.ts";
import { PreviewsConfig, type PreviewsConfigFields } from "./generated/previews-config.ts";
import { TableBlueprint, type TableBlueprintFields } from "./generated/table-blueprint.ts";
import { TableColumn, type TableColumnFields } from "./generated/table-column.ts";
import { TableColumnPreview } from "./generated/table-column-preview.ts";
import { TableLayout } from "./generated/table-layout.ts";
import type { View } from "./view.ts";

/** A column as one of the layouts shows it. */
export interface CatalogTableColumn extends TableColumnFields {
  /** Name of the Arrow column; `name` is its title. */
  readonly source: string;
  /** Views that are drawn in its cells, in place of the values, which must be ids of recordings. */
  readonly previews?: readonly View[];
}

/** Rows and columns. */
export interface CatalogTableRows {
  /** Those that come first, in order; others follow. Default none. */
  readonly columns?: readonly CatalogTableColumn[];
}

/** A card for each row. */
export interface CatalogTableCards {
  /** Column whose text is the title. Default: the first text that is shown. */
  readonly title?: string;
  /** Column with the target that a click opens. Default: the first preview. */
  readonly link?: string;
  /** What is on the card, in order; all else is hidden. Default none. */
  readonly fields?: readonly CatalogTableColumn[];
}

export interface CatalogTableOptions extends Omit<TableBlueprintFields, "sortBy"> {
  readonly rows?: CatalogTableRows;
  /** Cards can be chosen only where they are given. */
  readonly cards?: CatalogTableCards;
  /** Column by which rows are sorted, with a direction if it is not ascending. Default: the order of the data. */
  readonly sortBy?: string | TableBlueprintFields["sortBy"];
  /** How all previews play. Default: paused in the middle. */
  readonly previews?: PreviewsConfigFields;
}

const NAMES = ["rows", "cards", "layout", "columnDisplayMode", "filters", "sortBy", "previews"];

/**
 * How the viewer shows a table of a catalog server, e.g. the one of a dataset's recordings: columns, cards, filters, previews.
 * It is saved to an `.rbl` and registered with the server. Unstable: may change with the next release of Rerun.
 *
 *   /table                              TableBlueprint, PreviewsConfig
 *   /table/layouts/table                TableLayout
 *   /table/layouts/table/columns/<c>    TableColumn, TableColumnPreview
 *   /table/layouts/cards                CardLayout
 *   /table/layouts/cards/fields/<c>     as for columns
 */
export class CatalogTableBlueprint {
  readonly #options: CatalogTableOptions;
  readonly #table: AsComponents;
  readonly #previews: AsComponents;

  /** @throws RerunError ERR_RERUN_ARGUMENT for options that do not fit, and for a column that is given twice. */
  constructor(options: CatalogTableOptions = {}) {
    const owner = "CatalogTableBlueprint";
    checkOptionNames(owner, options, NAMES);
    const { rows, cards, previews = {}, layout, columnDisplayMode, filters, sortBy } = options;
    checkColumns(`${owner}, rows.columns`, rows?.columns ?? []);
    checkColumns(`${owner}, cards.fields`, cards?.fields ?? []);
    if (enumName(TableLayoutKind, layout) === "Cards" && cards === undefined)
      throw new RerunError("ERR_RERUN_ARGUMENT", `${owner}: layout "Cards" needs the option cards`);
    const order = typeof sortBy === "string" ? { column: sortBy } : sortBy;
    this.#options = options;
    this.#table = checkedComponents(owner, new TableBlueprint({ layout, columnDisplayMode, filters, sortBy: order }));
    this.#previews = checkedComponents(`${owner}, previews`, new PreviewsConfig(previews));
  }

  /** Logs all rows of the store. */
  log(log: LogBlueprintRow): void {
    const { rows, cards } = this.#options;
    const columns = rows?.columns ?? [];
    const fields = cards?.fields ?? [];
    const views = logViews(log, [...columns, ...fields]);
    for (const part of [this.#table, this.#previews]) logIfAny(log, "/table", part);
    log("/table/layouts/table", new TableLayout({ columnOrder: columns.map(({ source }) => source) }), AT_ZERO);
    for (const column of columns) logColumn(log, "/table/layouts/table/columns", column, views);
    if (cards === undefined) return;
    const { title, link } = cards;
    const order = fields.map(({ source }) => source);
    log("/table/layouts/cards", new CardLayout(order, { title, link }), AT_ZERO);
    for (const field of fields) logColumn(log, "/table/layouts/cards/fields", field, views);
  }

  /** As `Blueprint.save`. */
  save(path: string | URL, applicationId: string): void {
    saveBlueprint(this, path, applicationId);
  }
}

function checkColumns(owner: string, columns: readonly CatalogTableColumn[]): void {
  const seen = new Set<string>();
  for (const { source, previews: _, ...fields } of columns) {
    if (typeof source !== "string" || source === "" || seen.has(source)) {
      const what = seen.has(source)
        ? `${source} is there twice`
        : "a column needs a source, the name of an Arrow column";
      throw new RerunError("ERR_RERUN_ARGUMENT", `${owner}: ${what}`);
    }
    seen.add(source);
    checkedComponents(`${owner}, ${source}`, new TableColumn(fields));
  }
}

/** Every view once, however many columns show it. @returns their blueprint paths, without a slash at the start. */
function logViews(log: LogBlueprintRow, columns: readonly CatalogTableColumn[]): Map<View, string> {
  const paths = new Map<View, string>();
  for (const { previews = [] } of columns) {
    for (const view of previews) {
      if (!paths.has(view)) paths.set(view, view.logTo(log, `table ${paths.size}`).slice(1));
    }
  }
  return paths;
}

function logColumn(
  log: LogBlueprintRow,
  parent: string,
  { source, previews = [], ...fields }: CatalogTableColumn,
  paths: ReadonlyMap<View, string>,
): void {
  const path = `${parent}/${escapeEntityPathPart(source)}`;
  logIfAny(log, path, new TableColumn(fields));
  if (previews.length === 0) return;
  log(path, new TableColumnPreview(previews.map((view) => paths.get(view) as string)), AT_ZERO);
}

function logIfAny(log: LogBlueprintRow, path: string, components: AsComponents): void {
  if (components.asComponentBatches().length > 0) log(path, components, AT_ZERO);
}

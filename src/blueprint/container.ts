import { RerunError } from "../errors.ts";
import { blueprintId } from "./blueprint-id.ts";
import { AT_ZERO, type LogBlueprintRow } from "./blueprint-row.ts";
import { ContainerBlueprint, type ContainerBlueprintOptions } from "./generated/container-blueprint.ts";
import type { ContainerKind } from "./generated/enums.ts";
import type { View } from "./view.ts";

/** What all containers have. */
export interface ContainerOptions {
  /** Title; made from the kind when absent. */
  readonly name?: string;
  /** Default true. */
  readonly visible?: boolean;
  /** UUID. Default: derived from the place in the layout. */
  readonly id?: string;
}

type Arrangement = Pick<ContainerBlueprintOptions, "colShares" | "rowShares" | "gridColumns">;

/** Views and containers that share a space; logged at `/container/<id>`, its children before it. */
export abstract class Container {
  readonly contents: readonly (Container | View)[];
  readonly options: ContainerOptions;
  readonly #kind: ContainerKind;
  readonly #arrangement: Arrangement;
  readonly #activeTab: number | undefined;

  protected constructor(
    kind: ContainerKind,
    contents: readonly (Container | View)[],
    options: ContainerOptions,
    arrangement: Arrangement,
    activeTab?: number,
  ) {
    this.contents = contents;
    this.options = options;
    this.#kind = kind;
    this.#arrangement = arrangement;
    this.#activeTab = activeTab;
  }

  /** Logs the container and all that is in it; returns its blueprint path. */
  logTo(log: LogBlueprintRow, place: string): string {
    const path = `/container/${this.idAt(place)}`;
    // references are blueprint paths without the leading slash, as official writers have them
    const contents = this.contents.map((part, i) => part.logTo(log, `${place}.${i}`).slice(1));
    const { name, visible } = this.options;
    const activeTab = this.#activeTab === undefined ? undefined : contents[this.#activeTab];
    const fields = { displayName: name, contents, activeTab, visible, ...this.#arrangement };
    log(path, new ContainerBlueprint(this.#kind, fields), AT_ZERO);
    return path;
  }

  /** The UUID this container has at that place of a layout. */
  idAt(place: string): string {
    return this.options.id ?? blueprintId(place, this.#kind);
  }
}

export interface HorizontalOptions extends ContainerOptions {
  /** Share of the width, one for each child. Default: all the same. */
  readonly columnShares?: readonly number[];
}

/** Side by side. */
export class Horizontal extends Container {
  constructor(contents: readonly (Container | View)[], options: HorizontalOptions = {}) {
    super("Horizontal", contents, options, { colShares: options.columnShares });
  }
}

export interface VerticalOptions extends ContainerOptions {
  /** Share of the height, one for each child. Default: all the same. */
  readonly rowShares?: readonly number[];
}

/** One above the other. */
export class Vertical extends Container {
  constructor(contents: readonly (Container | View)[], options: VerticalOptions = {}) {
    super("Vertical", contents, options, { rowShares: options.rowShares });
  }
}

export interface GridOptions extends HorizontalOptions, VerticalOptions {
  /** Default: chosen by the viewer. */
  readonly gridColumns?: number;
}

/** Rows of the same number of columns. */
export class Grid extends Container {
  constructor(contents: readonly (Container | View)[], options: GridOptions = {}) {
    const { columnShares, rowShares, gridColumns } = options;
    super("Grid", contents, options, { colShares: columnShares, rowShares, gridColumns });
  }
}

export interface TabsOptions extends ContainerOptions {
  /** The tab in front: its index, or the name of the view or container. Default: chosen by the viewer. */
  readonly activeTab?: number | string;
}

/** One at a time. */
export class Tabs extends Container {
  /** @throws RerunError ERR_RERUN_ARGUMENT when there is no such `activeTab`. */
  constructor(contents: readonly (Container | View)[], options: TabsOptions = {}) {
    super("Tabs", contents, options, {}, activeIndex(contents, options.activeTab));
  }
}

function activeIndex(contents: readonly (Container | View)[], active: number | string | undefined): number | undefined {
  if (active === undefined) return undefined;
  const index = typeof active === "number" ? active : contents.findIndex(({ options }) => options.name === active);
  if (contents[index] !== undefined) return index;
  const names = contents.map(({ options }, i) => options.name ?? i).join(", ");
  throw new RerunError("ERR_RERUN_ARGUMENT", `activeTab ${JSON.stringify(active)} is none of the tabs: ${names}`);
}

import { RerunError } from "../errors.ts";
import { blueprintId, checkedId } from "./blueprint-id.ts";
import { AT_ZERO, type LogBlueprintRow } from "./blueprint-row.ts";
import { checkedComponents, checkOptionNames } from "./checked-components.ts";
import { ContainerBlueprint, type ContainerBlueprintOptions } from "./generated/container-blueprint.ts";
import type { ContainerKind } from "./generated/enums.ts";
import { View } from "./view.ts";

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

/** What a subclass knows of its kind. */
interface ContainerSpec {
  readonly kind: keyof typeof ContainerKind;
  /** Options beside those that all containers have. */
  readonly optionNames: readonly string[];
  readonly arrangement?: Arrangement;
  readonly activeTab?: number | undefined;
}

/** Views and containers that share a space; logged at `/container/<id>`, its children before it. */
export abstract class Container {
  readonly contents: readonly (Container | View)[];
  readonly options: ContainerOptions;
  readonly #spec: ContainerSpec;

  /** @throws RerunError ERR_RERUN_ARGUMENT for contents that are none, and for options that do not fit. */
  protected constructor(contents: readonly (Container | View)[], options: ContainerOptions, spec: ContainerSpec) {
    checkContents(spec.kind, contents);
    checkOptionNames(spec.kind, options, ["name", "visible", "id", ...spec.optionNames]);
    checkedId(spec.kind, options.id);
    this.contents = contents;
    this.options = options;
    this.#spec = spec;
    checkedComponents(spec.kind, this.#components([]));
  }

  /** Logs the container and all that is in it; returns its blueprint path. */
  logTo(log: LogBlueprintRow, place: string): string {
    const path = `/container/${this.idAt(place)}`;
    // references are blueprint paths without the leading slash, as official writers have them
    const contents = this.contents.map((part, i) => part.logTo(log, `${place}.${i}`).slice(1));
    log(path, this.#components(contents), AT_ZERO);
    return path;
  }

  /** The UUID this container has at that place of a layout. */
  idAt(place: string): string {
    return this.options.id ?? blueprintId(place, this.#spec.kind);
  }

  #components(contents: readonly string[]): ContainerBlueprint {
    const { kind, arrangement, activeTab: index } = this.#spec;
    const { name, visible } = this.options;
    const activeTab = index === undefined ? undefined : contents[index];
    return new ContainerBlueprint(kind, { displayName: name, contents, activeTab, visible, ...arrangement });
  }
}

export interface HorizontalOptions extends ContainerOptions {
  /** Share of the width, one for each child. Default: all the same. */
  readonly columnShares?: readonly number[];
}

/** Side by side. */
export class Horizontal extends Container {
  constructor(contents: readonly (Container | View)[], options: HorizontalOptions = {}) {
    const arrangement = { colShares: options?.columnShares };
    super(contents, options, { kind: "Horizontal", optionNames: ["columnShares"], arrangement });
  }
}

export interface VerticalOptions extends ContainerOptions {
  /** Share of the height, one for each child. Default: all the same. */
  readonly rowShares?: readonly number[];
}

/** One above the other. */
export class Vertical extends Container {
  constructor(contents: readonly (Container | View)[], options: VerticalOptions = {}) {
    const arrangement = { rowShares: options?.rowShares };
    super(contents, options, { kind: "Vertical", optionNames: ["rowShares"], arrangement });
  }
}

export interface GridOptions extends HorizontalOptions, VerticalOptions {
  /** Default: chosen by the viewer. */
  readonly gridColumns?: number;
}

/** Rows of the same number of columns. */
export class Grid extends Container {
  constructor(contents: readonly (Container | View)[], options: GridOptions = {}) {
    const { columnShares, rowShares, gridColumns } = options ?? {};
    const optionNames = ["columnShares", "rowShares", "gridColumns"];
    super(contents, options, {
      kind: "Grid",
      optionNames,
      arrangement: { colShares: columnShares, rowShares, gridColumns },
    });
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
    const activeTab = activeIndex(contents, options?.activeTab);
    super(contents, options, { kind: "Tabs", optionNames: ["activeTab"], activeTab });
  }
}

function checkContents(kind: string, contents: readonly (Container | View)[]): void {
  const wrong: unknown = Array.isArray(contents)
    ? contents.find((part) => !(part instanceof View || part instanceof Container))
    : contents;
  if (wrong === undefined) return;
  const given = typeof wrong === "object" && wrong !== null ? wrong.constructor?.name : JSON.stringify(wrong);
  const where = Array.isArray(contents) ? " in it" : `; write new ${kind}([…])`;
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    `${kind}: expected an array of views and containers, got ${given}${where}`,
  );
}

function activeIndex(contents: readonly (Container | View)[], active: number | string | undefined): number | undefined {
  if (active === undefined) return undefined;
  const index = typeof active === "number" ? active : contents.findIndex(({ options }) => options.name === active);
  if (contents[index] !== undefined) return index;
  const names = contents.map(({ options }, i) => options.name ?? i).join(", ");
  throw new RerunError("ERR_RERUN_ARGUMENT", `activeTab ${JSON.stringify(active)} is none of the tabs: ${names}`);
}

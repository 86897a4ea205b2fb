import { openRrd } from "../../src/reader.ts";

/** The values of one component of an entity in the order of the chunks, without those of the file's notable traces. */
export async function valuesIn(file: string, entity: string, component: string): Promise<unknown[]> {
  const reader = await openRrd(file);
  const values: unknown[] = [];
  const run = reader
    .recordings()
    .find(({ kind, applicationId }) => kind === "recording" && !applicationId.endsWith(" requests"));
  for await (const chunk of reader.chunks({ ...run, entityPath: entity })) {
    const column = chunk.components.find((one) => one.component === component);
    for (let row = 0; column !== undefined && row < chunk.numRows; row++) {
      const list = column.get(row);
      if (list !== null && list !== undefined) values.push(...(list as Iterable<unknown>));
    }
  }
  return values;
}

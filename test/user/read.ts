import { openRrd } from "../../src/reader.ts";

/** The values of one component of an entity of the file's first recording (the others are its notable traces), in the order of the chunks. */
export async function valuesIn(file: string, entity: string, component: string): Promise<unknown[]> {
  const reader = await openRrd(file);
  const values: unknown[] = [];
  for await (const chunk of reader.chunks({ ...reader.recordings()[0], entityPath: entity })) {
    const column = chunk.components.find((one) => one.component === component);
    for (let row = 0; column !== undefined && row < chunk.numRows; row++) {
      const list = column.get(row);
      if (list !== null && list !== undefined) values.push(...(list as Iterable<unknown>));
    }
  }
  return values;
}

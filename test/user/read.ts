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

/** What is in the file of one request. */
export interface RequestFile {
  readonly recordingId: string;
  values(entity: string, component: string): unknown[];
}

export async function requestIn(file: string): Promise<RequestFile> {
  const reader = await openRrd(file);
  const recordings = reader.recordings().filter(({ kind }) => kind === "recording");
  if (recordings.length !== 1) throw new Error(`${file} holds ${recordings.length} recordings`);
  const found = new Map<string, unknown[]>();
  for await (const chunk of reader.chunks(recordings[0])) {
    for (const column of chunk.components) {
      const key = `${chunk.entityPath} ${column.component}`;
      for (let row = 0; row < chunk.numRows; row++) {
        const list = column.get(row);
        if (list === null || list === undefined) continue;
        found.set(key, [...(found.get(key) ?? []), ...(list as Iterable<unknown>)]);
      }
    }
  }
  return {
    recordingId: recordings[0]?.recordingId ?? "",
    values: (entity, component) => found.get(`${entity} ${component}`) ?? [],
  };
}

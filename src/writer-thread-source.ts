/** Put in by the build (tsdown.config.mts): `writer-thread.ts` with all it imports. */
declare const __WRITER_THREAD__: string | undefined;

/** The program of the writer thread. Undefined where the sources run as they are. */
export const writerThreadSource: string | undefined =
  typeof __WRITER_THREAD__ === "string" ? __WRITER_THREAD__ : undefined;

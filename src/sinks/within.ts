/** `setTimeout` cannot wait longer. */
export const MAX_TIMEOUT_MILLIS = 2 ** 31 - 1;

/** What became of `work`: its error, "late" if it took longer than `millis`, undefined if it is done. */
export async function within(millis: number, work: Promise<void>): Promise<Error | "late" | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<"late">((resolve) => {
    if (millis <= MAX_TIMEOUT_MILLIS) timer = setTimeout(() => resolve("late"), millis);
  });
  const done = work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const outcome = await Promise.race([done, timeout]);
  clearTimeout(timer);
  return outcome;
}

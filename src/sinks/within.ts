/** `setTimeout` cannot wait longer. */
export const MAX_TIMEOUT_MILLIS = 2 ** 31 - 1;

/**
 * What a timer is given that shall be due in `millis`: they count whole milliseconds, from 1 on. Node warns of less since its version
 * 21, on the stderr of the application.
 */
export function timerMillis(millis: number): number {
  return Math.min(Math.max(1, Math.ceil(millis)), MAX_TIMEOUT_MILLIS);
}

/** What became of `work`: its error, "late" if it took longer than `millis`, undefined if it is done. */
export async function within(millis: number, work: Promise<void>): Promise<Error | "late" | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<"late">((resolve) => {
    if (millis <= MAX_TIMEOUT_MILLIS) timer = setTimeout(() => resolve("late"), timerMillis(millis));
  });
  const done = work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const outcome = await Promise.race([done, timeout]);
  clearTimeout(timer);
  return outcome;
}

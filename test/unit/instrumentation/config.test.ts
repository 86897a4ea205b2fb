import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConsoleInstrumentation } from "../../../instrumentation/console.ts";
import { ExpressInstrumentation } from "../../../instrumentation/express.ts";
import { HttpInstrumentation } from "../../../instrumentation/http.ts";
import { RuntimeMetrics } from "../../../instrumentation/runtime-metrics.ts";
import { collectWarnings } from "../recording/fake-transport.ts";

describe.each([HttpInstrumentation, ExpressInstrumentation, ConsoleInstrumentation, RuntimeMetrics])("%o", (made) => {
  let warnings: ReturnType<typeof collectWarnings>;
  beforeEach(() => {
    warnings = collectWarnings();
  });
  afterEach(() => warnings.stop());

  it.each([
    ["a misspelt option", { enable: true }, 'has no option "enable"; did you mean enabled?'],
    ["a text", "on", "got string"],
  ])("warns of %s, when it is made and later, and works all the same (I1)", (_, config, expected) => {
    const instrumentation = new made(config as object);
    instrumentation.enable();
    expect(instrumentation.getConfig().enabled).toBe(true);
    instrumentation.disable();
    expect(warnings.messages).toEqual([expect.stringContaining(expected)]);
    instrumentation.setConfig(config as object);
    expect(warnings.messages).toHaveLength(1);
  });

  it.each([[undefined], [null], [{}], [{ enabled: false }]])("is silent about %o", (config) => {
    new made(config as object).enable();
    expect(warnings.messages).toEqual([]);
  });
});

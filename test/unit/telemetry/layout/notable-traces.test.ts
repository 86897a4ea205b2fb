import { describe, expect, it } from "vitest";
import { FakeHost, logRecord, MS, recordingOf, span, T0 } from "../telemetry.ts";

/** A request with its own trace, `t<no>`. */
function request(no: number, millis: number, part: Parameters<typeof span>[1] = {}) {
  const startTime = T0 + BigInt(no) * 1000n * MS;
  return span(`s${no}`, {
    traceId: `t${no}`,
    name: "GET /a",
    kind: 1,
    startTime,
    endTime: startTime + BigInt(millis) * MS,
    ...part,
  });
}

describe("notable traces", () => {
  it("are the first three errors of a route and each that is a tenth slower than all before", () => {
    const { end, traces } = recordingOf();
    end(request(1, 100));
    end(request(2, 105)); // not slow enough
    end(request(3, 120));
    for (let no = 4; no < 9; no++) end(request(no, 1, { status: { code: 2 } }));
    end(request(9, 1, { name: "GET /b" }));
    expect(traces()).toEqual(["t1", "t3", "t4", "t5", "t6", "t9"]);
  });

  it("begin anew where only the last minute is kept, as often as it is over", () => {
    const host = new (class extends FakeHost {
      windowNanos = () => 60_000n * MS;
    })();
    const { end, tick, traces, summary } = recordingOf({}, host);
    const failed = { status: { code: 2 } } as const;
    for (let minute = 0; minute < 40; minute++) {
      const begin = minute * 120;
      tick(T0 + BigInt(begin) * 1000n * MS);
      for (let no = begin; no < begin + 5; no++) end(request(no, 10, failed));
      tick(T0 + BigInt(begin + 10) * 1000n * MS);
    }
    // the first three of each minute, and all that the summary names are of the last one
    const expected = Array.from({ length: 40 }, (_, minute) => [0, 1, 2].map((no) => `t${minute * 120 + no}`)).flat();
    expect(traces()).toEqual(expected);
    expect([...summary().matchAll(/recording_id=(\w+)/g)].map(([, id]) => id)).toEqual(expected.slice(-3));
  });

  it("that were read before the writer's first tick are no older than that, where only the last minute is kept", () => {
    const host = new (class extends FakeHost {
      windowNanos = () => 60_000n * MS;
    })();
    const { end, tick, summary, summarize } = recordingOf({}, host);
    const at = (second: number) => T0 + BigInt(second) * 1000n * MS;
    end(request(1, 10));
    tick(at(2));
    summarize();
    expect(summary()).toContain("recording_id=t1");
    tick(at(63));
    end(request(2, 10));
    summarize();
    expect(summary()).not.toContain("recording_id=t1");
    expect(summary()).toContain("recording_id=t2");
  });

  it("have their blueprint first, and leave the file open on the dashboard of the process", () => {
    const { end, host } = recordingOf({ blueprint: false });
    end(request(1, 100));
    end(request(2, 200));
    expect(host.told.map((line) => line.replace(/\/otel-rerun-dashboard$/, ""))).toEqual([
      "open blueprint shop requests",
      "activate blueprint shop requests",
      "close blueprint shop requests",
      "open recording shop requests/t1",
      "close recording shop requests/t1",
      "front recording shop/run",
      "open recording shop requests/t2",
      "close recording shop requests/t2",
      "front recording shop/run",
    ]);
  });

  it("hold the waterfall: a bar a span with its attributes static, its logs, table, calls and summary", () => {
    const { start, end, log, traceRows } = recordingOf();
    const root = { ...request(1, 100), attributes: { "http.route": "/a", "url.path": "/a|b" } };
    start(root);
    const query = { ...request(1, 10), spanId: "q", parentSpanId: "s1", name: "SELECT x", kind: 2 as const };
    end({ ...query, attributes: { "db.system.name": "postgresql", "db.query.text": "SELECT 1" } });
    log(logRecord("sold", { time: root.startTime + 5n, traceId: "t1", spanId: "s1" }));
    end(root);
    const bar = traceRows("t1", "/trace/01.01-SELECT_x");
    expect(bar.map(({ times, values }) => [times.elapsed, values["StateChange:state"]])).toEqual([
      [0n, "SELECT x 10.0 ms"],
      [10n * MS, ""],
      [undefined, undefined],
    ]);
    expect(bar.at(-1)?.values).toMatchObject({
      "Attributes:db.query.text": "SELECT 1",
      "Span:kind": "CLIENT",
      "Span:parent_span_id": "s1",
    });
    expect(traceRows("t1", "/logs/shop")).toHaveLength(1);
    expect(traceRows("t1", "/spans")).toHaveLength(2);
    expect(traceRows("t1", "/graph")[0]?.values["GraphNodes:node_ids"]).toEqual(["shop", "postgresql"]);
    const summary = String(traceRows("t1", "/summary")[0]?.values["TextDocument:text"]);
    expect(summary).toContain("[SELECT x](recording:///trace/01.01-SELECT_x) | 10.0 ms | 10 %");
    // those of the root are there at once, without a click
    expect(summary).toContain("| http.route | /a |\n| url.path | /a\\|b |");
    expect(traceRows("t1", "/__properties")[0]?.values["RecordingInfo:name"]).toBe("UNSET · 100 ms · GET /a");
  });

  it("wait until the last local root of the trace has ended, and are written whole", () => {
    const { start, end, traces, traceRows } = recordingOf();
    const outer = request(1, 100);
    const inner = { ...request(1, 10), spanId: "inner", parentSpanId: "call", parentIsRemote: true };
    start(outer);
    start(inner);
    end(inner);
    expect(traces()).toEqual([]);
    end({ ...request(1, 20), spanId: "call", parentSpanId: "s1", kind: 2 });
    end(outer);
    expect(traceRows("t1", "/spans")).toHaveLength(3);
    expect(traceRows("t1", /01\.01\.01-/)).not.toHaveLength(0);
  });

  it("get spans and logs that come late, below their parents, without a second row for any", () => {
    const { end, log, tick, traceRows, host } = recordingOf();
    end(request(1, 100));
    end({ ...request(1, 300), spanId: "late", parentSpanId: "s1", kind: 0, name: "mail" });
    log(logRecord("sent", { traceId: "t1" }));
    expect(traceRows("t1", /mail/)).toEqual([]);
    tick(T0);
    expect(traceRows("t1", /^\/trace\/01\.01-mail/)).toHaveLength(3);
    expect(traceRows("t1", "/spans").map(({ values }) => values.span_id)).toEqual(["s1", "late"]);
    expect(traceRows("t1", "/logs/shop")).toHaveLength(1);
    expect(host.told.at(-1)).toBe("repeat recording shop/run");
  });

  it("take a server's span of SDK 1.x for a root, which does not say that its parent is remote", () => {
    const { end, traces, rows } = recordingOf();
    end(request(1, 10, { parentSpanId: "elsewhere" }));
    expect(traces()).toEqual(["t1"]);
    expect(rows(/^\/latency\//)).not.toHaveLength(0);
  });

  it("are at most as many as the option says; the others are counted", () => {
    const { end, traces, close, summary } = recordingOf({ maxNotableTraces: 2 });
    for (let no = 1; no < 6; no++) end(request(no, 100 * 2 ** no));
    close();
    expect(traces()).toEqual(["t1", "t2"]);
    expect(summary()).toContain("notable traces 3");
    const none = recordingOf({ maxNotableTraces: 0 });
    none.end(request(1, 100));
    expect(none.traces()).toEqual([]);
  });

  it("have at most 1,500 span entities together, and of many alike the first, the slowest and the failed", () => {
    const { end, traces, traceRows, rows } = recordingOf();
    for (let no = 1; no < 4; no++) {
      for (let i = 0; i < 600; i++) {
        const status = { code: i === 599 ? (2 as const) : (0 as const) };
        end({
          ...request(no, 1 + (i % 7)),
          spanId: `${no}-${i}`,
          parentSpanId: `s${no}`,
          kind: 2,
          name: "SELECT",
          status,
        });
      }
      end(request(no, 100 * 2 ** no));
    }
    expect(traces()).toEqual(["t1", "t2", "t3"].slice(0, traces().length));
    const bars = new Set(traceRows("t1", /^\/trace\/.*SELECT/).map(({ path }) => path));
    expect(bars.size).toBe(31);
    expect(bars).toContain("/trace/01.600-SELECT");
    expect(traceRows("t1", "/spans")).toHaveLength(601);
    expect(rows("/spans")).toHaveLength(1803);
  });
});

/**
 * Writes docs/cli.md: every verb with its help, and the main ones at work on recordings that are made here, so that the page says what the
 * program says. Needs the build: `npm run build && node scripts/cli-page.mjs`. With --check it only says whether the page is as the program
 * is now, apart from numbers: times, sizes, ids.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../dist/cli.cjs", import.meta.url));
const page = fileURLToPath(new URL("../docs/cli.md", import.meta.url));
/** An ordinary program, which asks itself. */
const PROGRAM = `import http from "node:http";
const server = http.createServer((_, response) => response.end("hello"));
server.listen(0, async () => {
  for (let i = 0; i < 5; i++) await (await fetch(\`http://127.0.0.1:\${server.address().port}/items/\${i}\`)).text();
  server.close();
});
`;

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-docs-"));

/** Runs the program as on a terminal of 100 columns; what it prints. */
function run(...args) {
  const { PATH = "" } = process.env;
  const env = { PATH, COLUMNS: "100", NO_COLOR: "1" };
  const { stdout, stderr, error } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: "utf8", env });
  if (error) throw error;
  if (/^\s+at /m.test(stderr)) throw new Error(stderr); // a stack: the program itself is broken
  // what is different each time would change the page each time
  return (stdout + stderr)
    .replaceAll(`${folder}/`, "")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "3b7c1f0e-5a2d-4c8e-9f10-6d2b8a4e7c31")
    .trimEnd();
}

function shown(...args) {
  const typed = ["otel-rerun", ...args].map((arg) => (/^[\w./=-]+$/.test(arg) ? arg : `'${arg}'`)).join(" ");
  return `\`\`\`\`console\n$ ${typed}\n${run(...args)}\n\`\`\`\``;
}

writeFileSync(
  join(folder, "traces.json"),
  JSON.stringify({ resourceSpans: [service("shop", 0), service("stock", 1)] }),
);
const converted = shown("convert", "traces.json", "-o", "run.rrd");
const checked = shown("verify", "run.rrd");
run("convert", "traces.json", "-o", "killed.rrd");
truncateSync(join(folder, "killed.rrd"), 12_000);

// a second run, in which the shop is slower
writeFileSync(
  join(folder, "slower.json"),
  JSON.stringify({ resourceSpans: [service("shop", 0, 2), service("stock", 1)] }),
);
run("convert", "slower.json", "-o", "slower.rrd");
writeFileSync(join(folder, "app.mjs"), PROGRAM);
const recorded = shown("record", "-o", "app.rrd", "--", "node", "app.mjs");

const verbs = [...run().matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, verb]) => verb);
const text = `<!-- written by scripts/cli-page.mjs -->

# The command line

Output for programs: \`--json\` of every verb is one document on standard output, of \`print\` and \`serve\`, which go on, one a line;
\`record\` has none, its output is the program's. Verbs that read a recording take \`-\` for a pipe. Exit codes: 0 done, 1 failed,
2 the command line was not understood, 3 done but something was left out. Colours follow \`NO_COLOR\` and \`FORCE_COLOR\`, the
width is the terminal's (\`COLUMNS\` in a pipe).

## Record

${recorded}

${converted}

## Look

${shown("print", "run.rrd", "--spans")}

${shown("stats", "run.rrd")}

${shown("diff", "run.rrd", "slower.rrd")}

Expressions choose traces: a trace matches when one of its spans does.

${shown("print", "run.rrd", "--where", 'service = "stock" and duration > 10ms')}

${shown("print", "run.rrd", "--where", "duration > 10")}

## Share

${shown("export", "run.rrd", "--where", "status = error", "--to", "html", "-o", "failed.html")}

${shown("export", "run.rrd", "--where", "status = error", "--to", "md")}

${shown("filter", "run.rrd", "--where", "status = error", "-o", "failed.rrd")}

${shown("merge", "run.rrd", "app.rrd", "-o", "both.rrd")}

## Mend

${checked}

${shown("verify", "killed.rrd")}

${shown("recover", "killed.rrd", "-o", "whole.rrd")}

## Every verb

${shown()}

${verbs.map((verb) => `### ${verb}\n\n\`\`\`text\n${run(verb, "--help")}\n\`\`\``).join("\n\n")}
`;
rmSync(folder, { recursive: true });
if (!process.argv.includes("--check")) writeFileSync(page, text);
else if (withoutNumbers(text) !== withoutNumbers(readFileSync(page, "utf8"))) {
  throw new Error("docs/cli.md is not what the program says; write it anew: node scripts/cli-page.mjs");
}

/** Columns are as wide as their numbers. */
function withoutNumbers(text) {
  return text
    .replace(/[\d.]+( ?(µs|ms|s|B|kB|MB)\b)?/g, "#")
    .replace(/█+/g, "█")
    .replace(/ +/g, " ")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Two requests, of which the second fails, as OTLP has them. The stock is asked by the shop. */
function service(name, depth, factor = 1) {
  const spans = [0, 1].flatMap((no) => {
    const start = 1_795_000_000_000 + no * 1500;
    const trace = `0af7651916cd43dd8448eb211c80319${"cd"[no]}`;
    const fails = no === 1;
    if (depth === 0) {
      return [
        span(trace, `${no}1`, undefined, "GET /cart", 2, start, 40 * factor, {
          "http.route": "/cart",
          "http.response.status_code": fails ? 502 : 200,
        }),
        span(trace, `${no}2`, `${no}1`, "read cart", 1, start + 2, 9 * factor),
        span(trace, `${no}3`, `${no}1`, "GET", 3, start + 12, 26),
      ];
    }
    return [
      span(
        trace,
        `${no}4`,
        `${no}3`,
        "GET /stock/:id",
        2,
        start + 14,
        fails ? 22 : 8,
        { "http.route": "/stock/:id" },
        fails,
      ),
    ];
  });
  return {
    resource: { attributes: attributes({ "service.name": name }) },
    scopeSpans: [{ scope: { name: "docs" }, spans }],
  };
}

function span(traceId, id, parent, name, kind, startMillis, millis, values = {}, fails = false) {
  const nanos = (at) => `${at}000000`;
  const exception = {
    "exception.type": "RangeError",
    "exception.message": "no such article",
    "exception.stacktrace": "RangeError: no such article\n    at find (stock.js:7:11)",
  };
  return {
    traceId,
    spanId: id.padStart(16, "0"),
    ...(parent && { parentSpanId: parent.padStart(16, "0") }),
    name,
    kind,
    startTimeUnixNano: nanos(startMillis),
    endTimeUnixNano: nanos(startMillis + millis),
    attributes: attributes(values),
    status: fails ? { code: 2, message: "no such article" } : {},
    ...(fails && {
      events: [{ name: "exception", timeUnixNano: nanos(startMillis + 5), attributes: attributes(exception) }],
    }),
  };
}

function attributes(values) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  }));
}

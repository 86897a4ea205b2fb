import { parseArgs } from "node:util";
import { RerunError } from "../errors.ts";
import { checkedOptions } from "../option-names.ts";
import { type InitOptions, init } from "./init.ts";
import { RECORDING_OPTIONS } from "./recording-option-names.ts";
import type { RecordingStream } from "./recording-stream.ts";

/** The switches that Rerun's examples share. */
export interface RerunArgs {
  /** Start no viewer. */
  readonly headless: boolean;
  /** Send to a viewer that runs. */
  readonly connect: boolean;
  /** Of that viewer; says `connect` too. */
  readonly url?: string;
  /** Serve the recording, and a page with the viewer. */
  readonly serve: boolean;
  /** The file to write. */
  readonly save?: string;
  /** Write to the standard output. */
  readonly stdout: boolean;
}

export interface ParsedRerunArgs {
  readonly args: RerunArgs;
  /** What is left for the program, in its order. */
  readonly rest: readonly string[];
}

const OPTIONS = {
  headless: { type: "boolean" },
  connect: { type: "boolean" },
  url: { type: "string" },
  serve: { type: "boolean" },
  save: { type: "string" },
  stdout: { type: "boolean" },
} as const;

/**
 * Takes `--headless --connect --url --serve --save --stdout` out of a program's arguments; what it does not know is the program's.
 *
 * @throws RerunError ERR_RERUN_ARGUMENT if `--save` or `--url` has no value
 */
export function parseRerunArgs(argv: readonly string[] = process.argv.slice(2)): ParsedRerunArgs {
  if (!Array.isArray(argv) || argv.some((word) => typeof word !== "string")) {
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      "parseRerunArgs takes an array of texts, as process.argv.slice(2) is one",
    );
  }
  const { tokens } = parseArgs({ args: [...argv], options: OPTIONS, strict: false, tokens: true });
  const ours = new Set<number>();
  const values: Partial<Record<keyof typeof OPTIONS, string | boolean>> = {};
  for (const token of tokens) {
    if (token.kind !== "option" || !Object.hasOwn(OPTIONS, token.name)) continue;
    const name = token.name as keyof typeof OPTIONS;
    if (OPTIONS[name].type === "string" && token.value === undefined) {
      throw new RerunError(
        "ERR_RERUN_ARGUMENT",
        `--${name} needs a value: --${name}=${name === "save" ? "FILE" : "URL"}`,
      );
    }
    values[name] = token.value ?? true;
    ours.add(token.index);
    if (token.value !== undefined && token.inlineValue === false) ours.add(token.index + 1);
  }
  const { save, url } = values;
  const is = (name: keyof typeof OPTIONS): boolean => values[name] !== undefined;
  return {
    args: {
      headless: is("headless"),
      connect: is("connect") || is("url"),
      serve: is("serve"),
      stdout: is("stdout"),
      ...(typeof save === "string" && { save }),
      ...(typeof url === "string" && { url }),
    },
    rest: argv.filter((_, at) => !ours.has(at)),
  };
}

export interface RerunSetup {
  readonly recording: RecordingStream;
  /** Completes the recording; one that is served stays until Ctrl-C. */
  teardown(): Promise<void>;
}

/**
 * `init` in strict mode, and the first of these that the arguments ask for: the standard output, a server with its page, a viewer that
 * runs, a file; else a viewer that is started, unless there is to be none.
 *
 * @throws RerunError as the calls it stands for
 */
export async function setupFromArgs(
  applicationId: string,
  args: RerunArgs = parseRerunArgs().args,
  options: InitOptions = {},
): Promise<RerunSetup> {
  const recording = init(applicationId, {
    strict: true,
    ...checkedOptions("setupFromArgs", options, RECORDING_OPTIONS),
  });
  const { stdout, serve, connect, save, headless } = checkedOptions("setupFromArgs", args, Object.keys(OPTIONS));
  if (stdout) recording.stdout();
  else if (serve) {
    await recording.serveGrpc();
    const { url } = await recording.serveWebViewer({ openBrowser: !headless });
    console.error(`the recording is shown at ${url}; Ctrl-C ends it`);
  } else if (connect) recording.connectGrpc(args?.url);
  else if (save !== undefined) recording.save(save);
  else if (!headless) await recording.spawn();
  return {
    recording,
    async teardown() {
      if (serve && !stdout) await interrupted();
      await recording.shutdown({});
    },
  };
}

/** A listener alone does not keep a process alive. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => {}, 1 << 30);
    process.once("SIGINT", () => {
      clearInterval(alive);
      resolve();
    });
  });
}

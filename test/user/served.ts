import { type ChildProcess, spawn } from "node:child_process";

export interface Served {
  readonly process: ChildProcess;
  readonly http: string;
  readonly grpc: string;
  /** What it has printed so far. */
  output(): string;
  /** Ends it as Ctrl+C does; its exit code. */
  end(): Promise<number | null>;
}

/** `otel-rerun serve` of an installed package, listening on free ports. Whoever starts it ends it. */
export async function serve(cli: string, args: readonly string[], cwd: string, node: string[] = []): Promise<Served> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...node, cli, "serve", "--http-port", "0", "--grpc-port", "0", ...args], {
    cwd,
    env: { PATH, HOME },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (piece) => (text += piece));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [http, grpc] = await new Promise<[string, string]>((resolve, reject) => {
    void ended.then(() => reject(new Error(`serve ended: ${text}`)));
    child.stdout.on("data", () => {
      const [, first, second] = /OTLP\/HTTP +(\S+)\nOTLP\/gRPC +(\S+)\n[\s\S]*Ctrl/.exec(text) ?? [];
      if (first !== undefined && second !== undefined) resolve([first, second]);
    });
  });
  return {
    process: child,
    http,
    grpc,
    output: () => text,
    end: () => {
      child.kill("SIGINT");
      return ended;
    },
  };
}

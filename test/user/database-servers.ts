import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DEBIAN = "/usr/lib/postgresql";

/** Where Debian's packages put the programs; undefined with the reason where they are not. */
export function findServers(): { readonly bin: string; readonly redis: string } | { readonly missing: string } {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort() : [];
  const bin = versions
    .map((version) => join(DEBIAN, version, "bin"))
    .findLast((path) => existsSync(join(path, "initdb")));
  const redis = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"].find((path) => existsSync(path));
  if (bin === undefined) return { missing: "there is no PostgreSQL; install Debian's package postgresql" };
  if (redis === undefined) return { missing: "there is no Redis; install Debian's package redis-server" };
  return { bin, redis };
}

/** Processes of our own on free ports of loopback, their data in a folder that goes with them. */
export class DatabaseServers {
  readonly #children: ChildProcess[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "otel-rerun-databases-"));
  postgresPort = 0;
  redisPort = 0;

  async start({ bin, redis }: { readonly bin: string; readonly redis: string }): Promise<void> {
    const user = unprivilegedUser();
    if (user !== undefined) chownSync(this.#folder, user.uid, user.gid);
    const data = join(this.#folder, "postgres");
    execFileSync(join(bin, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], {
      stdio: "ignore",
      cwd: this.#folder,
      ...user,
    });
    [this.postgresPort, this.redisPort] = [await freePort(), await freePort()];
    const settings = ["-h", "127.0.0.1", "-p", String(this.postgresPort), "-k", "", "-F"];
    this.#run(join(bin, "postgres"), ["-D", data, ...settings], user);
    this.#run(
      redis,
      ["--bind", "127.0.0.1", "--port", String(this.redisPort), "--save", "", "--dir", this.#folder],
      user,
    );
    await Promise.all([accepts(this.postgresPort), accepts(this.redisPort)]);
    // it listens before it answers
    const ready = () =>
      spawnSync(join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", String(this.postgresPort)]).status === 0;
    for (let tries = 0; !ready() && tries < 300; tries++) await pause();
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        if (child.exitCode === null && child.kill("SIGINT")) await ended;
      }),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(program: string, args: readonly string[], user: { uid: number; gid: number } | undefined): void {
    this.#children.push(spawn(program, args, { cwd: this.#folder, stdio: "ignore", ...user }));
  }
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) => Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function accepts(port: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await pause();
  }
  throw new Error(`nothing listens on port ${port}`);
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

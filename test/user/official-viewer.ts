import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { decode } from "@msgpack/msgpack";
import type { Page } from "playwright-core";
import { startOfficialViewer } from "../oracle.ts";

/** Something in the viewer that can be seen or pressed, as it tells screen readers. */
export interface Widget {
  /** E.g. `link`, `button`, `label`, `pane`. */
  readonly role: string;
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Serves the web viewer of the official wheel, and waits for it. */
export async function serveOfficialViewer(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const [port, webPort] = [await freePort(), await freePort()];
  const child = startOfficialViewer(port, webPort);
  const url = `http://127.0.0.1:${webPort}`;
  while (!(await fetch(url).catch(() => ({ ok: false }))).ok) await new Promise((later) => setTimeout(later, 250));
  return { url, child };
}

/** What it shows now. Undefined as long as it does not run. */
export async function widgetsIn(page: Page): Promise<readonly Widget[] | undefined> {
  const answer = await ask(page, "_handle.inspect(new Uint8Array([0xa0 | 7, ...new TextEncoder().encode('GetTree')]))");
  if (answer === undefined) return undefined;
  const { Tree } = decode(answer) as { Tree: [egui: unknown, pixels: unknown, accesskit: [nodes: TreeNode[]]] };
  return Tree[2][0].flatMap(([, [role, ...rest]]) => {
    const { label, value, bounds } = rest.at(-1) as NodeProperties;
    if (bounds === undefined) return [];
    const [left, top, right, bottom] = bounds;
    return [{ role, text: label ?? value ?? "", left, top, right, bottom }];
  });
}

/** Application id and recording id of the recording on screen. */
export async function shownIn(page: Page): Promise<{ applicationId: string; recordingId: string } | undefined> {
  const state = await ask(page, "_handle.viewer_state()");
  // the first field is where it is, a text shorter than 128 bytes
  if (state?.[0] !== 0x0a) return undefined;
  const location = Buffer.from(state.subarray(2, 2 + (state[1] as number))).toString();
  const query = /^about:recording\?(.*)/.exec(location)?.[1];
  if (query === undefined) return undefined;
  const asked = new URLSearchParams(query);
  return { applicationId: asked.get("app_id") ?? "", recordingId: asked.get("recording_id") ?? "" };
}

type TreeNode = [id: unknown, node: [role: string, ...flags: number[], properties: NodeProperties]];

interface NodeProperties {
  readonly label?: string;
  readonly value?: string;
  readonly bounds?: [left: number, top: number, right: number, bottom: number];
}

/** The page keeps the viewer in `_handle`, once it runs. */
async function ask(page: Page, expression: string): Promise<Uint8Array | undefined> {
  const bytes = await page.evaluate(
    `(async () => (globalThis._handle === undefined ? undefined : [...(await ${expression})]))()`,
  );
  return bytes === undefined ? undefined : Uint8Array.from(bytes as number[]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((closed) => server.close(closed));
  return port;
}

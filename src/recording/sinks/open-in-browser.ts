import { spawn } from "node:child_process";
import { warnOnce } from "../warnings.ts";

/** In the browser that the user prefers. A machine without a browser, or without a screen, is no error: the address is there. */
export function openInBrowser(url: string): void {
  const [command, ...args] = (
    { darwin: ["open", url], win32: ["cmd", "/c", "start", "", url] } as Partial<Record<NodeJS.Platform, string[]>>
  )[process.platform] ?? ["xdg-open", url];
  const child = spawn(command as string, args, { detached: true, stdio: "ignore" });
  child.on("error", () => warnOnce(`browser ${url}`, `no browser could be opened; the viewer is at ${url}`));
  child.unref();
}

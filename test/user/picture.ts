import type { Page } from "playwright-core";

/** Pixels of a colour, and the box around them. */
export interface Patch {
  readonly pixels: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface PictureOptions {
  /** What of the page. Default: all that is in view. */
  readonly clip?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Where the picture is kept as well. */
  readonly path?: string;
}

/**
 * Looks for a colour in a picture of the page.
 *
 * @param judge another page, which decodes the picture: the page itself may be forbidden to by its policy.
 */
export async function findColour(
  page: Page,
  judge: Page,
  colour: readonly [red: number, green: number, blue: number],
  { clip, path }: PictureOptions = {},
): Promise<Patch> {
  const picture = await page.screenshot({ ...(clip && { clip }), ...(path && { path }) });
  return judge.evaluate(`(async () => {
    const bitmap = await createImageBitmap(await (await fetch("data:image/png;base64,${picture.toString("base64")}")).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data, width } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const found = { pixels: 0, left: Infinity, top: Infinity, right: 0, bottom: 0 };
    for (let at = 0; at < data.length; at += 4) {
      if (!${JSON.stringify(colour)}.every((value, i) => Math.abs(data[at + i] - value) < 15)) continue;
      const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
      found.pixels++;
      found.left = Math.min(found.left, x);
      found.top = Math.min(found.top, y);
      found.right = Math.max(found.right, x + 1);
      found.bottom = Math.max(found.bottom, y + 1);
    }
    return found;
  })()`);
}

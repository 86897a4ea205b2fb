// node scripts/gallery-pictures.mjs: what the gallery's browser test saw becomes the pictures of docs/gallery.md, with a palette, which
// makes them a third of the size. Pillow comes with the official SDK.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { venv } = JSON.parse(readFileSync(join(root, ".cache/judges.json"), "utf8"));
const to = join(root, "docs/images/gallery");
mkdirSync(to, { recursive: true });

const script = `
import pathlib, sys
from PIL import Image
source, target = map(pathlib.Path, sys.argv[1:])
for path in sorted(source.glob("*.png")):
    picture = Image.open(path).convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    picture.save(target / path.name, optimize=True)
    print(path.name, (target / path.name).stat().st_size)
`;
const args = ["-c", script, join(root, "test/artefacts/gallery"), to];
process.exit(spawnSync(join(venv, "bin/python"), args, { stdio: "inherit" }).status ?? 1);

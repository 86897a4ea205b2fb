/** Media types of text documents, images and assets that the viewer knows. */
export const MediaType = {
  Text: "text/plain",
  Markdown: "text/markdown",
  Png: "image/png",
  Jpeg: "image/jpeg",
  Tiff: "image/tiff",
  Rvl: "application/rvl",
  Glb: "model/gltf-binary",
  Gltf: "model/gltf+json",
  Obj: "model/obj",
  Ply: "application/x-ply",
  Stl: "model/stl",
  Mp4: "video/mp4",
  Aac: "audio/aac",
  Flac: "audio/flac",
  M4a: "audio/mp4",
  Mp3: "audio/mpeg",
  Ogg: "audio/ogg",
  Wav: "audio/wav",
} as const;
export type MediaType = (typeof MediaType)[keyof typeof MediaType];

const EXTENSIONS: Readonly<Record<string, MediaType>> = {
  txt: MediaType.Text,
  md: MediaType.Markdown,
  png: MediaType.Png,
  jpg: MediaType.Jpeg,
  jpeg: MediaType.Jpeg,
  tif: MediaType.Tiff,
  tiff: MediaType.Tiff,
  rvl: MediaType.Rvl,
  glb: MediaType.Glb,
  gltf: MediaType.Gltf,
  obj: MediaType.Obj,
  ply: MediaType.Ply,
  stl: MediaType.Stl,
  mp4: MediaType.Mp4,
  aac: MediaType.Aac,
  flac: MediaType.Flac,
  m4a: MediaType.M4a,
  mp3: MediaType.Mp3,
  oga: MediaType.Ogg,
  ogg: MediaType.Ogg,
  opus: MediaType.Ogg,
  wav: MediaType.Wav,
};

/** By the ending of a file's name; `undefined` when it is none that the viewer knows. */
export function mediaTypeOfPath(path: string): MediaType | undefined {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

/** Offset, and the bytes there (as Latin-1), that give a format away; the first that fits counts. */
const SIGNATURES: readonly (readonly [offset: number, bytes: string, type: MediaType])[] = [
  [0, "\x89PNG\r\n\x1a\n", MediaType.Png],
  [0, "\xff\xd8\xff", MediaType.Jpeg],
  [0, "II*\0", MediaType.Tiff],
  [0, "MM\0*", MediaType.Tiff],
  [0, "glTF", MediaType.Glb],
  [0, "ply\n", MediaType.Ply],
  [0, "ply\r\n", MediaType.Ply],
  [0, "solid ", MediaType.Stl],
  [4, "ftypM4A", MediaType.M4a],
  [4, "ftyp", MediaType.Mp4],
  [0, "fLaC", MediaType.Flac],
  [0, "OggS", MediaType.Ogg],
  [8, "WAVE", MediaType.Wav],
  [0, "ID3", MediaType.Mp3],
  [0, "\xff\xfb", MediaType.Mp3],
  [0, "\xff\xf1", MediaType.Aac],
  [0, "\xff\xf9", MediaType.Aac],
];

/** By the first bytes; `undefined` when they say nothing, which leaves the guess to the viewer. */
export function mediaTypeOfBytes(bytes: Uint8Array): MediaType | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  return SIGNATURES.find(([offset, signature]) => head.startsWith(signature, offset))?.[2];
}

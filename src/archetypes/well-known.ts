/** Levels of a TextLog that the viewer knows, most severe first; other texts are allowed. */
export const TextLogLevel = {
  Critical: "CRITICAL",
  Error: "ERROR",
  Warn: "WARN",
  Info: "INFO",
  Debug: "DEBUG",
  Trace: "TRACE",
} as const;
export type TextLogLevel = (typeof TextLogLevel)[keyof typeof TextLogLevel];

/** Media types of text documents and assets that the viewer knows. */
export const MediaType = {
  Text: "text/plain",
  Markdown: "text/markdown",
  Png: "image/png",
  Jpeg: "image/jpeg",
  Glb: "model/gltf-binary",
  Gltf: "model/gltf+json",
  Mp4: "video/mp4",
} as const;
export type MediaType = (typeof MediaType)[keyof typeof MediaType];

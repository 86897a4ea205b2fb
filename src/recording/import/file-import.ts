import { AssetAudio } from "../../archetypes/asset-audio.ts";
import { AssetVideo } from "../../archetypes/asset-video.ts";
import { Asset3D } from "../../archetypes/asset3d.ts";
import { EncodedImage } from "../../archetypes/encoded-image.ts";
import { TextDocument } from "../../archetypes/generated/text-document.ts";
import { VideoFrameReference } from "../../archetypes/generated/video-frame-reference.ts";
import { type MediaType, mediaTypeOfPath } from "../../archetypes/media-type.ts";
import { mp4FrameTimes } from "../../archetypes/mp4-frame-times.ts";
import { RerunError } from "../../errors.ts";
import { optionNames, wrongOptions } from "../../option-names.ts";
import type { AsComponents } from "../../rrd/component-batch.ts";
import { entityPath, entityPathParts } from "../../rrd/entity-path.ts";
import type { ArrowMessage } from "../../rrd/log-message.ts";
import { writeBlueprint } from "../blueprint/blueprint-store.ts";
import type { RecordingIntake } from "../recording-intake.ts";
import { timeColumn } from "../time/time-column.ts";
import type { TimeMap } from "../time/time-value.ts";
import { copyMessages } from "./chunk-copies.ts";
import { pathOf, readFile } from "./read-file.ts";

export interface LogFileOptions {
  /** Goes before the path of the file, e.g. `assets`. Files of Rerun have entity paths of their own and ignore it. */
  readonly entityPathPrefix?: string;
  /** Valid at all times, as Rerun's other SDKs import files. Default true; false: at the times that are set. */
  readonly static?: boolean;
  /** Times of the row, which is then not static. */
  readonly time?: TimeMap;
  /** Reject if the file cannot be logged. Default: the stream's; otherwise there is a warning. */
  readonly strict?: boolean;
}

const NAMES = optionNames<LogFileOptions>({ entityPathPrefix: true, static: true, time: true, strict: true });

type Import = (contents: Uint8Array, mediaType: MediaType) => AsComponents;

const text: Import = (contents, mediaType) => new TextDocument(new TextDecoder().decode(contents), { mediaType });
const image: Import = (contents, mediaType) => new EncodedImage(contents, { mediaType });
const model: Import = (contents, mediaType) => new Asset3D(contents, { mediaType });
const video: Import = (contents, mediaType) => new AssetVideo(contents, { mediaType });
const audio: Import = (contents, mediaType) => new AssetAudio(contents, { mediaType });

/** By the ending of the name, the archetype that carries the file. Other text than this is logged by `TextDocument` itself. */
const IMPORTS: Readonly<Record<string, Import>> = {
  txt: text,
  md: text,
  png: image,
  jpg: image,
  jpeg: image,
  tif: image,
  tiff: image,
  glb: model,
  gltf: model,
  obj: model,
  stl: model,
  mp4: video,
  aac: audio,
  flac: audio,
  m4a: audio,
  mp3: audio,
  ogg: audio,
  wav: audio,
};
const RECORDINGS: ReadonlySet<string> = new Set(["rrd", "rbl"]);

/**
 * Logs a file: a recording or blueprint of Rerun as part of this one, anything else as the archetype that carries it, at the entity
 * that has the file's path.
 *
 * @param contents of the file; undefined: it is read.
 * @throws RerunError in strict mode: ERR_RERUN_FILE, ERR_RERUN_FORMAT, ERR_RERUN_ARGUMENT for a type that is not known.
 */
export async function importFile(
  intake: RecordingIntake,
  path: string | URL,
  contents: Uint8Array | undefined,
  given: LogFileOptions,
): Promise<void> {
  if (!intake.isEnabled) return;
  const options = given ?? {};
  const { failures } = intake;
  const line = failures.callerLine();
  try {
    const wrong = wrongOptions("logFile", options, NAMES);
    if (wrong !== undefined) failures.reportAs(options.strict, wrong, line);
    const name = contents === undefined ? pathOf(path) : String(path);
    const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
    if (RECORDINGS.has(extension)) await importRecording(intake, contents ?? path);
    else {
      const read = contents ?? (await readFile(path));
      failures.line = line;
      importAsset(intake, name, extension, read, options);
    }
  } catch (error) {
    failures.reportAs(options.strict, error, line);
  } finally {
    failures.line = undefined;
  }
}

function importAsset(
  intake: RecordingIntake,
  name: string,
  extension: string,
  contents: Uint8Array,
  { entityPathPrefix = "", time, static: isStatic = time === undefined, strict }: LogFileOptions,
): void {
  const make = Object.hasOwn(IMPORTS, extension) ? IMPORTS[extension] : undefined;
  if (make === undefined) {
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      `${name} is of no type that can be logged as a file; those are ${[...RECORDINGS, ...Object.keys(IMPORTS)].join(", ")}. Log its contents by an archetype`,
    );
  }
  const parts = name.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
  const path = entityPath(...entityPathParts(entityPathPrefix), ...parts);
  const asset = make(contents, mediaTypeOfPath(name) as MediaType);
  intake.log(path, asset, { static: isStatic, ...(time && { time }), ...(strict !== undefined && { strict }) });
  if (make === video) logFrames(intake, path, contents);
}

/** Viewers show of a video what references say: each frame at its place on the timeline `video`, as Rerun's importers have it. */
function logFrames(intake: RecordingIntake, path: string, contents: Uint8Array): void {
  const timestamp = mp4FrameTimes(contents);
  const duration = Array.from(timestamp, (nanos) => ({ nanos }));
  const columns = VideoFrameReference.columns({ timestamp });
  intake.sendColumns(path, { indexes: [timeColumn("video", { duration })], columns }, { strict: true });
}

/** Chunks of all recordings in it become chunks of this one; a blueprint becomes one of this application, and the active one. */
async function importRecording(intake: RecordingIntake, input: string | URL | Uint8Array): Promise<void> {
  const { openRrd } = await import("../../rrd/reader/open-rrd.ts");
  const reader = await openRrd(input);
  const blueprint: ArrowMessage[] = [];
  await copyMessages(
    intake,
    (async function* () {
      for await (const message of reader.messages()) {
        if (message.kind !== "arrow") continue;
        const { kind, store, payload, isStatic, summary } = message;
        const own: ArrowMessage = { kind, store, payload: payload.slice(), isStatic, summary };
        if (store.kind === "recording") yield own;
        else blueprint.push(own);
      }
    })(),
  );
  if (blueprint.length > 0) {
    const { applicationId } = intake.storeId;
    writeBlueprint({ log() {}, chunks: blueprint }, applicationId, { sinksOf: intake.no });
  }
  const [problem] = reader.problems;
  if (problem !== undefined) {
    throw new RerunError("ERR_RERUN_FORMAT", `the recording was logged up to where it is damaged: ${problem.message}`);
  }
}

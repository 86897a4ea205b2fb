/**
 * What can be logged. Everything that `generated/` has, some of it with conveniences: a name that is exported here explicitly
 * hides the generated one.
 */
export type { GraphEdge, Timestamp, Uuid } from "./accept.ts";
export type { Annotation, ClassDescription } from "./annotation.ts";
export { AnyValues, type AnyValuesOptions, anyValues, dynamicArchetype } from "./any-values.ts";
export { Archetype, type UpdateOptions } from "./archetype.ts";
export { AssetAudio } from "./asset-audio.ts";
export { AssetVideo } from "./asset-video.ts";
export { Asset3D } from "./asset3d.ts";
export type { AxesCode, AxesDirections } from "./axes-code.ts";
export { BarChart } from "./bar-chart.ts";
export { type Box2DFormat, Boxes2D, type Boxes2DInit } from "./boxes2d.ts";
export { Boxes3D, type Boxes3DInit } from "./boxes3d.ts";
export { Clear } from "./clear.ts";
export type { Color, Colors } from "./color.ts";
export type { ComponentType } from "./component.ts";
export type { ComponentColumns } from "./component-columns.ts";
export type { CompressedImage, CompressOptions } from "./compressed-image.ts";
export { DepthImage } from "./depth-image.ts";
export { Ellipsoids3D, type Ellipsoids3DInit } from "./ellipsoids3d.ts";
export { EncodedDepthImage } from "./encoded-depth-image.ts";
export { EncodedImage } from "./encoded-image.ts";
export type { FileContents } from "./file-contents.ts";
export * from "./generated/index.ts";
export { GridMap } from "./grid-map.ts";
export { Image } from "./image.ts";
export type { LatLon, LatLons } from "./lat-lon.ts";
export { MediaType } from "./media-type.ts";
export { Mesh3D, type Mesh3DOptions } from "./mesh3d.ts";
export type { ChannelCounts, KeyValues } from "./pairs.ts";
export { Pinhole, type PinholeInit } from "./pinhole.ts";
export type { ImagePixels, RawImage } from "./pixels.ts";
export type { AxisAngle, Matrix3, Rotation, Scale } from "./rotation.ts";
export { SegmentationImage } from "./segmentation-image.ts";
export { Tensor, type TensorOptions } from "./tensor.ts";
export type { NestedNumbers, TensorArray, TensorLike } from "./tensor-data.ts";
export type { TimeRange, TimeRangeBoundary } from "./time-range.ts";
export { Transform3D, type Transform3DInit } from "./transform3d.ts";
export type * from "./value-types.ts";
export type { VideoTime } from "./video-time.ts";
export { ViewCoordinates } from "./view-coordinates.ts";
export { TextLogLevel, uiPoints } from "./well-known.ts";

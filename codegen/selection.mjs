/**
 * The archetypes that are generated and committed. "all" instead of a list generates everything in types.json.
 * A name here is all it takes; give it a description in descriptions.mjs if the derived one is not enough.
 */
export const selection = {
  data: [
    "BarChart",
    "Clear",
    "GraphEdges",
    "GraphNodes",
    "Image",
    "Points3D",
    "RecordingInfo",
    "Scalars",
    "SeriesLines",
    "SeriesPoints",
    "StateChange",
    "StateConfiguration",
    "TextDocument",
    "TextLog",
  ],
  blueprint: [
    "ContainerBlueprint",
    "DataframeQuery",
    "PanelBlueprint",
    "PlotLegend",
    "TextLogColumns",
    "TimeAxis",
    "TimePanelBlueprint",
    "ViewBlueprint",
    "ViewContents",
    "ViewportBlueprint",
  ],
};

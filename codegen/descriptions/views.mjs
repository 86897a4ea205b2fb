/** What the views show and what their options are, in our words; options by the parameter's name in types.json. */
export const views = {
  AudioView: {
    about: "A sound with its waveform and a player.",
    options: { playback: "How loud it is, from 0 to 1; 1 when absent" },
  },
  BarChartView: {
    about: "`BarChart` and one-dimensional `Tensor` rows at the time cursor.",
    options: { background: "Colour behind the bars, and whether there is a grid" },
  },
  DataframeView: {
    about: "Any entities as a table: a row for each time, a column for each component.",
    options: { query: "Which rows and columns are shown; all when absent" },
  },
  GraphView: {
    about: "`GraphNodes` and `GraphEdges`; nodes without a position are placed by forces between them.",
    options: {
      background: "Colour behind the graph",
      force_link: "Pulls nodes that an edge joins to a distance, in pixels",
      force_many_body: "Makes all nodes repel each other (strength below 0) or attract each other (above)",
      force_position: "Pulls all nodes to a point",
      force_collision_radius: "Keeps nodes from overlapping, by their radii",
      force_center: "Keeps the middle of all nodes at the origin",
    },
  },
  MapView: {
    about: "`GeoPoints` and `GeoLineStrings` on a map of the world. Its tiles come from the internet.",
    options: {
      zoom: "From 0 (the whole world) to 19 or so (a house); chosen from the data when absent",
      background: "Who draws the map; all but `OpenStreetMap` need an access token in the viewer",
    },
  },
  Spatial2DView: {
    about: "Images, boxes, lines and points in a plane; also what is in space, seen through a `Pinhole`.",
    options: { background: "`SolidColor` with a colour, or one of the gradients; `SolidColor` when a colour is given" },
  },
  Spatial3DView: {
    about: "Points, boxes, meshes and all else in space.",
    options: {
      background: "`SolidColor` with a colour, or one of the gradients; `GradientDark` when absent",
      line_grid: "The grid on the ground: whether it is shown, spacing in scene units, plane, line width in pixels",
      eye_controls: "Where the eye is, where it looks, and how it moves",
    },
  },
  StateTimelineView: {
    about: "One lane of coloured bars for each entity with `StateChange`.",
    options: {
      time_view: "Which part of the timeline is seen; viewers from 0.41 on show 30 s around the cursor when absent",
    },
  },
  TensorView: {
    about: "Two dimensions of a `Tensor`, with sliders for the others.",
    options: {
      slice_selection: "Which dimensions go to the right and down, and where the others are cut",
      scalar_mapping: "How numbers become colours and pixels",
      view_fit: "How the slice is scaled to the view; `FillKeepAspectRatio` when absent",
    },
  },
  TextDocumentView: {
    about: "A `TextDocument`, plain or Markdown.",
    options: { format_options: "Word wrap and monospace, for plain text" },
  },
  TextLogView: {
    about: "`TextLog` rows of all entities, by time.",
    options: {
      columns: "Which columns there are, in order",
      rows: "Which levels are shown; all when absent",
      format_options: "Whether messages are in monospace",
    },
  },
  TimeSeriesView: {
    about: "Plots of `Scalars` over time.",
    options: {
      axis_x: "Which part of the timeline is seen; viewers from 0.41 on show 30 s around the cursor when absent",
      axis_y: "Range of values, and whether zooming leaves it alone; fits the data when absent",
      background: "Colour behind the plot, and whether there is a grid",
      interaction: "What the tooltip shows, and when values are marked",
    },
  },
};

/** Options that mean the same in all views that have them. */
export const options = {
  plot_legend: "Where the legend is and whether it is shown; `RightBottom` when absent",
  visual_bounds: "Part of the plane that is seen at least, in scene units; fits the data when absent",
  spatial_information: "Which coordinate frame is the root, and which helpers are drawn",
  time_ranges:
    "Rows that are drawn, by their time, for each timeline; when absent plots and states show all, others the latest",
};

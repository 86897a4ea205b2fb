/** What the archetypes of blueprints and their fields mean, in our words. */
export const blueprint = {
  ActiveVisualizers: {
    about: "Which visualizers draw an entity in a view, instead of those that the viewer picks.",
    fields: { instruction_ids: "Ids of VisualizerInstructions of the same entity" },
  },
  AudioPlayback: {
    about: "How loud an audio view plays.",
    fields: { volume: "From 0 (silent) to 1; 1 when absent" },
  },
  Background: {
    about: "What is behind the content of a 2D or 3D view.",
    fields: { kind: "A gradient or one colour", color: "For the kind `SolidColor`" },
  },
  CardLayout: {
    about: "Which columns of a table its cards show.",
    fields: {
      field_order: "Names of the columns on each card, in order; others are hidden",
      title: "Column whose text is the title; the first visible text column when absent",
      link: "Column with the target that a click opens; the first link when absent",
    },
  },
  ContainerBlueprint: {
    about: "A container of the dashboard: tabs, a row, a column or a grid of views and containers.",
    fields: {
      container_kind: "How the children are arranged",
      display_name: "Title; made from the kind when absent",
      contents: "Blueprint paths of the children, in order: `/container/<uuid>`, `/view/<uuid>`",
      col_shares: "Share of the width for each column; 1 each when absent",
      row_shares: "Share of the height for each row; 1 each when absent",
      active_tab: "Blueprint path of the child in front, for tabs",
      grid_columns: "Columns of a grid; chosen by the viewer when absent",
    },
  },
  DataframeQuery: {
    about: "What a dataframe view shows: rows by which timeline, which columns, which filters.",
    fields: {
      timeline: "Name of the timeline that makes the rows; the active one when absent",
      filter_by_range: "Only rows of this time range, both ends included",
      filter_is_not_null: "Only rows where this column has a value",
      apply_latest_at: "Whether gaps show the latest value before; false when absent",
      select: "Columns shown; all when absent. The viewer orders them itself",
      entity_order: "Order of the entities; others follow",
      auto_scroll: "Whether the view follows the time cursor",
    },
  },
  EntityBehavior: {
    about: "Whether an entity of a view, and all below it, can be seen and picked.",
    fields: {
      interactive: "Whether it can be picked; as its parent, or true, when absent",
      visible: "Whether it is shown; as its parent, or true, when absent",
    },
  },
  EyeControls3D: {
    about: "From where a 3D view is seen, and how it moves.",
    fields: {
      kind: "Whether dragging turns around the target or around the eye; `Orbital` when absent",
      position: "Where the eye is, in scene units",
      look_target: "Where it looks to; the middle of the scene when absent",
      eye_up: "Which direction is up; that of the scene, or z, when absent",
      speed: "Of moving by keys, in scene units a second; from the size of the scene when absent",
      tracking_entity: "Entity path that the eye follows; it takes over the pose of a camera",
      spin_speed: "Of turning around the up axis by itself, in radians a second; 0 when absent",
    },
  },
  ForceCenter: {
    about: "Pulls a graph as a whole to the origin.",
    fields: { enabled: "Whether the force acts", strength: "Of the force" },
  },
  ForceCollisionRadius: {
    about: "Keeps the nodes of a graph from covering each other.",
    fields: {
      enabled: "Whether the force acts",
      strength: "Of the force",
      iterations: "Times it acts in each step; more is better and slower",
    },
  },
  ForceLink: {
    about: "Keeps joined nodes of a graph at a distance.",
    fields: {
      enabled: "Whether the force acts",
      distance: "Wanted between joined nodes, in pixels",
      iterations: "Times it acts in each step; more is better and slower",
    },
  },
  ForceManyBody: {
    about: "Lets all nodes of a graph push each other away, or attract each other.",
    fields: { enabled: "Whether the force acts", strength: "Below 0 pushes away, above 0 attracts" },
  },
  ForcePosition: {
    about: "Pulls the nodes of a graph to one place.",
    fields: { enabled: "Whether the force acts", strength: "Of the force", position: "The place, in pixels" },
  },
  GraphBackground: { about: "What is behind a graph.", fields: { color: "Of the background" } },
  LineGrid3D: {
    about: "The ground grid of a 3D view.",
    fields: {
      spacing: "From line to line at the closest zoom, in scene units",
      plane: "Normal x, y, z and distance from the origin; across the up axis through the origin when absent",
      stroke_width: "Of the lines, in pixels; 1 when absent",
      color: "Of the lines; light grey when absent",
    },
  },
  MapBackground: {
    about: "Whose map tiles a map view shows.",
    fields: {
      provider:
        "Those of Mapbox need a token in the viewer's environment (`RERUN_MAPBOX_ACCESS_TOKEN`); `OpenStreetMap` when absent",
    },
  },
  MapZoom: {
    about: "How close a map view is.",
    fields: { zoom: "0 is the whole world; each level halves what is seen" },
  },
  NearClipPlane: {
    about: "What is too close to the eye of a view to be drawn.",
    fields: { near_clip_plane: "Smallest distance that is drawn, in scene units" },
  },
  PanelBlueprint: {
    about: "State of one of the panels around the dashboard.",
    fields: { state: "Whether the panel is open" },
  },
  PlotBackground: {
    about: "What is behind a plot.",
    fields: { color: "Of the background", show_grid: "Whether there are grid lines" },
  },
  PlotInteraction: {
    about: "What a plot shows under the pointer.",
    fields: {
      tooltip_mode: "Whether the values of the nearest or of all series are shown",
      points_display: "When the points of lines are marked",
    },
  },
  PlotLegend: {
    about: "Legend of a plot.",
    fields: { corner: "Where it stands; `RightBottom` when absent" },
  },
  PreviewsConfig: {
    about: "How the previews in a table play.",
    fields: {
      timeline: "Name of the timeline of all previews; picked by the viewer when absent",
      play_state: "Whether all previews play; `Paused` when absent",
      playback_speed: "1 (when absent) is real time",
      start_point: "Where previews start, from 0 (begin of the recording) to 1; 0.5 when absent",
    },
  },
  ScalarAxis: {
    about: "Vertical axis of a plot.",
    fields: {
      range: "Lowest and highest value; from the data when absent",
      zoom_lock: "Whether zooming leaves the range alone; false when absent",
    },
  },
  SpatialInformation: {
    about: "The frame in which a spatial view shows the scene.",
    fields: {
      target_frame: "Name of the frame; that of the view's origin when absent",
      show_bounding_box: "Whether the bounds of the scene are drawn",
      show_axes: "Whether axes are drawn at the origin",
      axes: "Where x, y and z point to, in 3D; by the ViewCoordinates or the camera above the origin when absent",
    },
  },
  TableBlueprint: {
    about: "How a table is shown.",
    fields: {
      layout: "As rows or as cards; cards, where there is a CardLayout, when absent",
      column_display_mode: "How names of columns are written; `Compact` when absent",
      filters: "SQL conditions on a row, e.g. `score >= 3`; all must hold",
      sort_by: "Column and direction; the order of the data when absent",
    },
  },
  TableColumn: {
    about: "How a column of a table is shown.",
    fields: {
      name: "Title; the name of the column when absent",
      editable: "Whether values can be changed, in remote tables with an index; false when absent",
      visible: "Whether it is shown; decided by the layout when absent",
      column_type: "Component type as which the values are shown; that of the column when absent",
    },
  },
  TableColumnPreview: {
    about: "Views that are drawn in the cells of a column.",
    fields: { views: "Blueprint paths of the views, in order: `/view/<uuid>`" },
  },
  TableLayout: {
    about: "Which columns of a table come first.",
    fields: { column_order: "Names of columns that are shown, in order; others follow as the viewer thinks best" },
  },
  TensorScalarMapping: {
    about: "How numbers of a tensor become colours.",
    fields: {
      mag_filter: "How cells look when enlarged; applied to the numbers",
      gamma: "Exponent applied before the colormap; 1 when absent",
    },
  },
  TensorSliceSelection: {
    about: "Which slice of a tensor is shown.",
    fields: {
      width: "Dimension that runs to the right; found by name and place when absent",
      height: "Dimension that runs down; found by name and place when absent",
      indices: "Place of the slice in the other dimensions",
      slider: "Dimensions that have a slider; those of `indices` when absent",
    },
  },
  TensorViewFit: {
    about: "How a tensor fills its view.",
    fields: { scaling: "Pixel by pixel, or stretched with or without its proportions" },
  },
  TextDocumentFormat: {
    about: "How a text document is set.",
    fields: {
      monospace: "Whether all letters are equally wide; false when absent",
      word_wrap: "Whether long lines are wrapped; true when absent",
    },
  },
  TextLogColumns: {
    about: "Columns of a text log view, in order.",
    fields: {
      timeline_columns: "Time columns, by the name of the timeline; the active one when absent",
      text_log_columns: "The other columns, after the time columns; all when absent",
    },
  },
  TextLogFormat: {
    about: "How a text log is set.",
    fields: { monospace_body: "Whether letters of messages are equally wide; false when absent" },
  },
  TextLogRows: {
    about: "Which messages a text log view shows.",
    fields: { filter_by_log_level: "Levels that are shown; all when absent" },
  },
  TimeAxis: {
    about: "Horizontal axis of a view over time.",
    fields: {
      link: "Whether the range is shared with all other views; `Independent` when absent",
      view_range: "Visible range; `Infinite` to `Infinite` is the whole timeline",
      zoom_lock: "Whether zooming leaves the range alone; false when absent",
    },
  },
  TimePanelBlueprint: {
    about: "The time panel: which timeline is active and whether it plays.",
    fields: {
      state: "Whether the panel is open",
      timeline: "Name of the active timeline",
      playback_speed: "1 is real time",
      fps: "Frames a second, for sequence timelines",
      play_state: "Whether time runs; viewers play a new recording when absent",
      loop_mode: "Whether playing starts again at the end; `Off` when absent",
      time_selection: "Selected range, both ends included",
    },
  },
  ViewBlueprint: {
    about: "One view of the dashboard.",
    fields: {
      class_identifier: "Kind of view, e.g. `TimeSeries`, `StateTimeline`, `TextLog`",
      display_name: "Title; made from the origin when absent",
      space_origin: "Entity path that `$origin` stands for; `/` when absent",
      titlebar: "Whether it has a title bar; true when absent (from viewer 0.41 on)",
    },
  },
  ViewContents: {
    about: "Which entities a view shows.",
    fields: { query: "Entity path rules, one each: `$origin/**`, `- /noise/**`; the most specific wins" },
  },
  ViewportBlueprint: {
    about: "The root of the dashboard's layout.",
    fields: {
      root_container: "Id of the outermost container",
      maximized: "Id of the view that fills the whole dashboard",
      auto_layout: "Whether the viewer arranges the views; false when absent",
      auto_views: "Whether the viewer adds views of its own; false when absent",
      past_viewer_recommendations: "Views that were offered before, as hashes",
    },
  },
  VisibleTimeRanges: {
    about: "How much of each timeline a view or an entity shows at once, instead of the latest only.",
    fields: { ranges: "A range for each timeline, by its name" },
  },
  VisualBounds2D: {
    about: "What part of the plane a 2D view shows: pan and zoom.",
    fields: { range: "Lowest and highest x and y, in scene units" },
  },
  VisualizerInstruction: {
    about: "A visualizer for an entity, and where it takes its components from.",
    fields: {
      visualizer_type: "Name of the visualizer, e.g. `SeriesLines`",
      component_map: "Source of each component; the entity's own of the same name when absent",
    },
  },
};

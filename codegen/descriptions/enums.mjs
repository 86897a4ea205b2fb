/** What enums mean, and those of their values whose name does not say it. */
export const enums = {
  AggregationPolicy: {
    about: "How values of a plot that fall on one pixel are joined",
    values: {
      Off: "Each is drawn",
      MinMax: "The least and the greatest, as two points",
      MinMaxAverage: "The middle between the least and the greatest",
    },
  },
  ChannelDatatype: {
    about: "Datatype of one channel of a pixel: unsigned, signed or floating point, and its bits",
    values: {},
  },
  ColorModel: { about: "Which channels a pixel has, in this order", values: { L: "Grey" } },
  Colormap: {
    about: "Colours for numbers",
    values: {
      RvizMap: "That of maps in RViz",
      RvizCostmap: "That of costmaps in RViz",
    },
  },
  EntryKind: { about: "What an entry of a catalog is", values: {} },
  FillMode: {
    about: "How a body is drawn",
    values: {
      MajorWireframe: "Its edges, or the few lines that show its form",
      DenseWireframe: "Many lines over its surface",
      Solid: "Its surface",
      TransparentFillMajorWireframe: "Edges, and the surface as if of glass",
    },
  },
  GraphType: { about: "Whether edges of a graph have a direction", values: {} },
  InterpolationMode: {
    about: "What is drawn between two values of a plot",
    values: {
      StepAfter: "The value holds until the next one",
      StepBefore: "The next value holds from the one before on",
      StepMid: "The value changes half way",
    },
  },
  MagnificationFilter: {
    about: "How pixels look when enlarged",
    values: { Nearest: "As squares", Linear: "Blurred", Bicubic: "Smooth, with sharper edges" },
  },
  MarkerShape: { about: "Shape of a mark in a plot", values: {} },
  MeshFaceRendering: {
    about: "Which sides of triangles are drawn",
    values: { Front: "That from which the corners run anticlockwise", Back: "The other one" },
  },
  PixelFormat: {
    about: "Camera formats, whose channels are not one behind the other",
    values: {
      Y_U_V12_LimitedRange: "Three planes, colours for 2 × 2 pixels; 16–235",
      NV12: "A plane of greys, one of colour pairs for 2 × 2 pixels",
      YUY2: "Two greys and a pair of colours for two pixels",
      Y8_FullRange: "Grey, 0–255",
      Y_U_V24_LimitedRange: "Three planes of full size; 16–235",
      Y_U_V24_FullRange: "Three planes of full size; 0–255",
      Y8_LimitedRange: "Grey, 16–235",
      Y_U_V12_FullRange: "Three planes, colours for 2 × 2 pixels; 0–255",
      Y_U_V16_LimitedRange: "Three planes, colours for 2 × 1 pixels; 16–235",
      Y_U_V16_FullRange: "Three planes, colours for 2 × 1 pixels; 0–255",
      BayerRGGB8: "One byte a pixel behind a Bayer filter",
      BayerBGGR8: "One byte a pixel behind a Bayer filter",
      BayerGBRG8: "One byte a pixel behind a Bayer filter",
      BayerGRBG8: "One byte a pixel behind a Bayer filter",
    },
  },
  PointShading: { about: "How points look", values: { Gradient: "As balls", Flat: "As discs" } },
  TransformRelation: {
    about: "Direction of a transform",
    values: {
      ParentFromChild: "Turns coordinates of the child into those of the parent",
      ChildFromParent: "Turns coordinates of the parent into those of the child",
    },
  },
  VideoCodec: { about: "How the samples of a video are encoded", values: {} },
  ViewDir: { about: "Where an axis points to", values: {} },

  BackgroundKind: {
    about: "What is behind a scene",
    values: { GradientDark: "A dark sky", GradientBright: "A bright sky", SolidColor: "One colour" },
  },
  ColumnDisplayMode: { about: "How much of a column's name is shown", values: {} },
  ComponentSourceKind: {
    about: "Where a visualizer takes a component from",
    values: {
      SourceComponent: "A component of the entity",
      Override: "The override of the blueprint",
      Default: "The default of the view",
      AnnotationContext: "The annotation context",
    },
  },
  ContainerKind: { about: "How the children of a container are arranged", values: {} },
  Corner2D: { about: "A corner", values: {} },
  Eye3DKind: {
    about: "How a 3D view moves",
    values: { FirstPerson: "The eye flies", Orbital: "The eye turns around its target" },
  },
  LinkAxis: { about: "Whether an axis is shared", values: {} },
  LoopMode: {
    about: "What playing does at the end",
    values: { Selection: "Starts again at the begin of the selection" },
  },
  MapProvider: { about: "Whose map tiles are shown, and of which style", values: {} },
  PanelState: { about: "How open a panel is", values: { Collapsed: "A narrow bar is left of it" } },
  PlayState: { about: "Whether time runs", values: { Following: "Stays at the newest data" } },
  PointsDisplay: { about: "When the points of lines are marked", values: {} },
  SortDirection: { about: "Direction of sorting", values: {} },
  TableLayoutKind: { about: "How a table is shown", values: {} },
  TextLogColumnKind: { about: "A column of a text log", values: { Body: "The message" } },
  TooltipMode: { about: "Which values the tooltip of a plot shows", values: {} },
  ViewFit: {
    about: "How an image fills its view",
    values: { Original: "Pixel by pixel", Fill: "Stretched", FillKeepAspectRatio: "As large as its proportions allow" },
  },
};

/** What the archetypes of recordings and their fields mean, in our words. `one`: what an instance is (shared.mjs). */
export const archetypes = {
  AnnotationContext: {
    about:
      "What class and keypoint ids mean: labels, colours, and which keypoints are joined. For an entity and all below it.",
    fields: { context: "Each class with its id, and its keypoints if it has some" },
  },
  Arrows2D: {
    about: "Arrows in the plane, each with a tail and a direction.",
    one: "arrow",
    fields: {
      vectors: "From tail to head, in scene units",
      origins: "Where the tails are; 0, 0 when absent",
      radii:
        "Half the width of each head, and the width of each shaft: above 0 in scene units, below 0 in pixels of the screen",
    },
  },
  Arrows3D: {
    about: "Arrows in space, each with a tail and a direction.",
    one: "arrow",
    fields: {
      vectors: "From tail to head, in scene units",
      origins: "Where the tails are; 0, 0, 0 when absent",
      radii:
        "Half the width of each head, and the width of each shaft: above 0 in scene units, below 0 in pixels of the screen",
    },
  },
  Asset3D: {
    about: "A whole 3D model in a file format: glTF, GLB, OBJ, STL or PLY.",
    fields: { blob: "The bytes of the file", albedo_factor: "Multiplies the colour of the whole model" },
  },
  AssetAudio: {
    about: "A whole sound in a file format, played along the timeline.",
    fields: { blob: "The bytes of the file" },
  },
  AssetVideo: {
    about: "A whole video file (MP4). What is shown of it when is said by VideoFrameReference.",
    fields: { blob: "The bytes of the file" },
  },
  BarChart: {
    about: "One chart of bars: heights, and optionally where each bar stands and how wide it is.",
    fields: {
      values: "Heights of the bars",
      color: "Of all bars; chosen by the viewer when absent",
      abscissa: "Where the bars stand on the horizontal axis; 0, 1, 2 and so on when absent",
      widths: "Widths in units of the horizontal axis; 1 when absent",
    },
  },
  Boxes2D: {
    about: "Rectangles along the axes of the plane.",
    one: "box",
    fields: {
      half_sizes: "Half of width and height of each box, in scene units",
      centers: "Middle of each box; 0, 0 when absent",
      radii: "Half the width of the outlines: above 0 in scene units, below 0 in pixels of the screen",
      draw_order: "What is higher is drawn on top; 10 when absent",
    },
  },
  Boxes3D: {
    about: "Boxes in space, of any direction.",
    one: "box",
    fields: {
      half_sizes: "Half of the size along each axis of each box, in scene units",
      centers: "Middle of each box; 0, 0, 0 when absent",
      radii: "Half the width of the edges: above 0 in scene units, below 0 in pixels of the screen",
    },
  },
  Capsules3D: {
    about: "Cylinders with a half ball at both ends, along their z axis from the origin to their length.",
    one: "capsule",
    fields: {
      lengths: "From the middle of one half ball to that of the other, in scene units",
      radii: "Radius of each capsule, in scene units",
      translations: "Where the lower half ball's middle is; 0, 0, 0 when absent",
    },
  },
  Clear: {
    about:
      "Empties an entity from the row's time on; nothing logged before is shown any more. It does not free memory.",
    fields: { is_recursive: "Whether all entities below are emptied as well" },
  },
  CoordinateFrame: {
    about: "Puts an entity into a named frame instead of the one that its path implies.",
    fields: { frame: "Name of the frame; `tf#/path/of/entity` is the implied one" },
  },
  Cylinders3D: {
    about: "Cylinders around their z axis, flat at both ends.",
    one: "cylinder",
    fields: {
      lengths: "Height of each cylinder, in scene units",
      radii: "Radius of each cylinder, in scene units",
      centers: "Middle of each cylinder; 0, 0, 0 when absent",
    },
  },
  DepthImage: {
    about: "One distance for each pixel; together with a Pinhole it is shown as a cloud of points.",
    fields: {
      buffer: "The distances, row by row from the top left, without padding",
      format: "Size in pixels and datatype of a distance",
      meter:
        "How many units of the data make one metre, e.g. 1000 for millimetres; 1 for floats and 1000 for integers when absent",
      colormap: "Colours for distances; `Turbo` when absent",
      depth_range: "Distances at the two ends of the colormap, in units of the data; found from the data when absent",
      point_fill_ratio: "Size of the points in 3D: 1 (when absent) lets neighbours touch",
      draw_order: "What is higher is drawn on top; -20 when absent",
    },
  },
  Ellipses2D: {
    about: "Ellipses along the axes of the plane.",
    one: "ellipse",
    fields: {
      half_sizes: "Half of width and height of each ellipse, in scene units; twice the same is a circle",
      centers: "Middle of each ellipse; 0, 0 when absent",
      draw_order: "What is higher is drawn on top; 10 when absent",
    },
  },
  Ellipsoids3D: {
    about: "Ellipsoids in space; three times the same half size is a ball.",
    one: "ellipsoid",
    fields: {
      half_sizes: "Radius along each axis of each ellipsoid, in scene units",
      centers: "Middle of each ellipsoid; 0, 0, 0 when absent",
    },
  },
  EncodedDepthImage: {
    about: "A depth image in a file format: a PNG or TIFF of one channel, or RVL.",
    fields: {
      blob: "The bytes of the file",
      meter: "How many units of the data make one metre; 1 for floats and 1000 for integers when absent",
      colormap: "Colours for distances; `Turbo` when absent",
      depth_range: "Distances at the two ends of the colormap, in units of the data; found from the data when absent",
      point_fill_ratio: "Size of the points in 3D: 1 (when absent) lets neighbours touch",
      draw_order: "What is higher is drawn on top; -20 when absent",
    },
  },
  EncodedImage: {
    about: "An image in a file format, as JPEG or PNG.",
    fields: { blob: "The bytes of the file", draw_order: "What is higher is drawn on top; -10 when absent" },
  },
  GaussianSplats3D: {
    about: "A scene of coloured, translucent ellipsoids, as Gaussian splatting makes it.",
    one: "splat",
    fields: {
      centers: "Middle of each splat, in scene units",
      scales: "Standard deviation along each axis of each splat, in scene units",
      colors: "Base colour and opacity of each splat",
      sh_coefficients:
        "How the colour of each splat depends on the direction: 15 spherical harmonics of degrees 1 to 3, three channels each",
      spherical_harmonics_degree: "Highest degree that is used, 0 to 3; 3 when absent",
    },
  },
  GeoLineStrings: {
    about: "Lines on the map.",
    one: "line",
    fields: {
      line_strings: "Corners of each line as latitude and longitude, in degrees",
      radii: "Half the width of each line: above 0 in metres, below 0 in pixels of the screen",
    },
  },
  GeoPoints: {
    about: "Points on the map.",
    one: "point",
    fields: {
      positions: "Latitude and longitude of each point, in degrees north and east (EPSG:4326)",
      radii: "Radius of each point: above 0 in metres, below 0 in pixels of the screen",
    },
  },
  GraphEdges: {
    about: "Edges between nodes of a graph, by node id. Nodes that no GraphNodes names are made up by the viewer.",
    fields: {
      edges: "Ids of the nodes that each edge joins",
      graph_type: "Whether edges have arrow heads; `Undirected` when absent",
    },
  },
  GraphNodes: {
    about: "Nodes of a graph, known by ids that are unique within the entity.",
    one: "node",
    fields: {
      node_ids: "Id of each node",
      positions: "Fixed places of the nodes, in pixels; nodes without one are placed by a force layout",
      labels: "Text inside each node; the id when absent",
      radii: "Radius of each node, in pixels",
    },
  },
  GridMap: {
    about: "A map of equal square cells on the ground, e.g. an occupancy grid or a costmap.",
    fields: {
      data: "The cells, row by row from the top left, without padding",
      format: "Columns and rows of the grid, and the datatype of a cell",
      cell_size: "Length of a cell's side, in scene units; 0.01 when absent",
      translation: "Where the lower left corner is",
      rotation_axis_angle: "Turn of the map around an axis",
      quaternion: "Turn of the map as x, y, z, w",
      colormap: "Colours for the values of the cells; those of an image when absent",
    },
  },
  Image: {
    about: "Raw pixels and how to read them, row by row from the top left.",
    fields: {
      buffer: "The pixels, without padding between rows",
      format: "Size in pixels, and either colour model with channel datatype or pixel format",
      draw_order: "What is higher is drawn on top; -10 when absent",
    },
  },
  InstancePoses3D: {
    about: "Poses for what else the entity holds: it is drawn once for each pose. They do not move the entities below.",
    one: "instance",
    fields: {
      translations: "Shift of each instance, in scene units",
      scales: "Factor along each axis of each instance",
      mat3x3: "Linear map of each instance; three rows, or nine numbers row by row",
    },
  },
  LineStrips2D: {
    about: "Lines with corners in the plane.",
    one: "line",
    fields: {
      strips: "Corners of each line, in scene units",
      radii: "Half the width of each line: above 0 in scene units, below 0 in pixels of the screen",
      draw_order: "What is higher is drawn on top; 20 when absent",
    },
  },
  LineStrips3D: {
    about: "Lines with corners in space.",
    one: "line",
    fields: {
      strips: "Corners of each line, in scene units",
      radii: "Half the width of each line: above 0 in scene units, below 0 in pixels of the screen",
    },
  },
  McapChannel: {
    about: "A channel of an MCAP file: what its messages are about and how they are written.",
    fields: {
      id: "Number of the channel in the file",
      topic: "What the messages are about",
      message_encoding: "How messages are written: `cdr`, `protobuf`, `json` and others",
      metadata: "Free pairs of texts about the channel",
    },
  },
  McapMessage: {
    about: "One message of an MCAP file, as it is in the file.",
    fields: { data: "The bytes of the message" },
  },
  McapSchema: {
    about: "A schema of an MCAP file: the layout of messages.",
    fields: {
      id: "Number of the schema in the file",
      name: "Name of the message type",
      encoding: "Language of the schema: `ros2msg`, `protobuf`, `jsonschema` and others",
      data: "The schema itself",
    },
  },
  McapStatistics: {
    about: "How much an MCAP file holds, and of which time.",
    fields: {
      message_count: "Messages in the file",
      schema_count: "Schemas in the file",
      channel_count: "Channels in the file",
      attachment_count: "Attachments in the file",
      metadata_count: "Metadata records in the file",
      chunk_count: "Chunks in the file",
      message_start_time: "Time of the earliest message",
      message_end_time: "Time of the latest message",
      channel_message_counts: "Messages of each channel, by its number",
    },
  },
  Measurements: {
    about: "Numbers with their uncertainty and unit, drawn over time with a band around the line.",
    one: "series",
    fields: {
      values: "One number for each series",
      variances: "Square of the standard deviation of each number",
      units: "Unit of each series, e.g. `m/s²`",
      widths: "Width of each line, in pixels",
      names: "Name of each series in the legend; the entity path when absent",
      visible_series: "Whether each series is shown at first; true when absent",
      aggregation_policy: "How values closer than a pixel are joined; `Average` when absent",
      interpolation_mode: "How values are joined by lines; `Linear` when absent",
    },
  },
  Mesh3D: {
    about: "A surface made of triangles.",
    one: "vertex",
    fields: {
      vertex_positions: "Where the vertices are, in scene units",
      triangle_indices: "Three vertices for each triangle; each three in a row when absent",
      vertex_normals: "Direction of the surface at each vertex; without them it is not shaded",
      vertex_colors: "Colour of each vertex, without its alpha",
      vertex_texcoords: "Place of each vertex in the texture: 0, 0 is its top left, 1, 1 its bottom right",
      albedo_factor: "Multiplies the colour of the whole surface; its alpha makes it translucent",
      face_rendering: "Which sides of triangles are drawn; `DoubleSided` when absent",
      albedo_texture_buffer: "Pixels of the texture",
      albedo_texture_format: "Size and format of the texture: `RGB` or `RGBA` of `U8`",
    },
  },
  Pinhole: {
    about: "A camera: how space is projected into the image of this entity.",
    fields: {
      image_from_camera: "Projection matrix; three rows, or nine numbers row by row",
      resolution: "Width and height of the image, in pixels",
      camera_xyz: "Where the camera's axes point to; `RDF` (x right, y down, z forward) when absent",
      child_frame: "Frame of the image; the one implied by the entity when absent",
      parent_frame: "Frame of the camera; the one implied by the entity's parent when absent",
      image_plane_distance: "How far from the camera the image is drawn in 3D, in scene units",
      color: "Of the frustum's lines in 3D",
      line_width: "Half the width of the frustum's lines: above 0 in scene units, below 0 in pixels",
    },
  },
  Points2D: {
    about: "Points in the plane.",
    one: "point",
    fields: {
      positions: "Where the points are, in scene units",
      radii: "Above 0 in scene units, below 0 in pixels of the screen; the viewer decides when absent",
      draw_order: "What is higher is drawn on top; 30 when absent",
    },
  },
  Points3D: {
    about: "A cloud of points in 3D space.",
    one: "point",
    fields: {
      positions: "Where the points are, in scene units",
      radii: "Above 0 in scene units, below 0 in pixels of the screen; the viewer decides when absent",
      point_shading: "Whether points look like balls (`Gradient`) or discs (`Flat`); `Gradient` when absent",
    },
  },
  RecordingInfo: {
    about: "What the viewer shows about a recording as a whole; belongs on `/__properties`, static.",
    fields: { start_time: "When the recording began", name: "Name shown instead of the recording id" },
  },
  Scalars: {
    about: "Numbers that become a plot over time. Several numbers in a row are as many series.",
    fields: { scalars: "One number for each series" },
  },
  SegmentationImage: {
    about: "A class id for each pixel; colours and labels come from an annotation context.",
    fields: {
      buffer: "The class ids, row by row from the top left, without padding",
      format: "Size in pixels and datatype of an id: an unsigned integer",
      opacity: "From 0 (not seen) to 1; 0.5 on top of another image and 1 alone when absent",
      draw_order: "What is higher is drawn on top; 0 when absent",
    },
  },
  SeriesLines: {
    about: "How the scalars of the same entity are drawn as lines; usually logged once, static.",
    one: "series",
    fields: {
      widths: "Width of each line, in pixels",
      names: "Name of each series in the legend; the entity path when absent",
      visible_series: "Whether each series is shown at first; true when absent",
      aggregation_policy: "How values closer than a pixel are joined; `Average` when absent",
      interpolation_mode: "How values are joined by lines; `Linear` when absent",
    },
  },
  SeriesPoints: {
    about: "How the scalars of the same entity are drawn as marks; usually logged once, static.",
    one: "series",
    fields: {
      markers: "Shape of the marks of each series",
      names: "Name of each series in the legend; the entity path when absent",
      visible_series: "Whether each series is shown at first; true when absent",
      marker_sizes: "Size of the marks of each series, in pixels",
    },
  },
  StateChange: {
    about: "The state an entity enters; it lasts until the next one. An empty text ends it. Must not be static.",
    fields: { state: "The state entered; several are as many rows of the lane, from viewer 0.35 on" },
  },
  StateConfiguration: {
    about: "How the states of the same entity look: parallel lists over the state texts; usually logged once, static.",
    one: "state",
    fields: {
      values: "The states that the other lists speak of, as text",
      labels: "What is shown for each state; the state itself when absent",
      visible: "Whether each state is drawn; true when absent",
    },
  },
  Tensor: {
    about: "Numbers in any number of dimensions, shown as slices.",
    fields: {
      data: "The numbers in row-major order, their shape, and the names of the dimensions",
      value_range: "Numbers at the two ends of the colormap; found from the data when absent",
    },
  },
  TextDocument: {
    about: "A text shown as a whole, plain or Markdown.",
    fields: { text: "The whole document", media_type: "`text/plain` (when absent) or `text/markdown`" },
  },
  TextLog: {
    about: "One line (or more) of a log.",
    fields: {
      text: "The message",
      level:
        "Severity: `CRITICAL`, `ERROR`, `WARN`, `INFO`, `DEBUG`, `TRACE` are known to the viewer, any other text is allowed",
      color: "Of the message; follows the level when absent",
    },
  },
  Transform3D: {
    about: "Where an entity stands in its parent: applied are scale, then rotation, then translation.",
    fields: {
      translation: "Shift, in units of the parent",
      rotation_axis_angle: "Turn around an axis",
      quaternion: "Turn as x, y, z, w",
      scale: "Factor along each axis, or one for all",
      mat3x3: "Linear map; three rows, or nine numbers row by row",
      relation: "Whether the transform leads from child to parent or back; `ParentFromChild` when absent",
      child_frame: "Frame that is moved; the one implied by the entity when absent",
      parent_frame: "Frame into which it is moved; the one implied by the entity's parent when absent",
    },
  },
  TransformAxes3D: {
    about: "Draws the three axes of an entity's frame: x red, y green, z blue.",
    fields: {
      axis_length: "Length of each axis, in scene units",
      show_frame: "Whether the name of the frame is shown",
    },
  },
  VideoFrameReference: {
    about: "Which frame of a video is shown from the row's time on.",
    fields: {
      timestamp: "Place in the video, in nanoseconds from its first frame; the closest frame is shown",
      video_reference: "Entity path of the AssetVideo or VideoStream; the same entity when absent",
      draw_order: "What is higher is drawn on top; -15 when absent",
    },
  },
  VideoStream: {
    about: "A video that arrives sample by sample, without a container.",
    fields: {
      codec: "How samples are encoded; must not change, so log it static",
      sample: "The data of one frame, without B-frames; `H264` and `H265` in Annex B form",
      is_keyframe:
        "Whether decoding can start at this sample; of use to who queries the data, the viewer finds it by itself",
      draw_order: "What is higher is drawn on top; -15 when absent",
    },
  },
  ViewCoordinates: {
    about:
      "Where the axes of a scene or a camera point to: which one is up, and which hand rules. Usually logged once, static.",
    fields: { xyz: "Directions of x, y and z" },
  },
  Volume3D: {
    about: "A block of densities, drawn as a translucent volume.",
    fields: {
      values: "The densities: a tensor of shape depth, height, width (z, y, x); viewers of 0.41 draw `Float16` only",
      voxel_size: "Size of a voxel along x, y and z, in scene units; 1, 1, 1 when absent",
      translation: "Where the corner of the first voxel is",
      quaternion: "Turn of the volume as x, y, z, w",
      value_range: "Densities that are drawn, and the two ends of the colormap; found from the data when absent",
      gamma: "Exponent applied to densities before the colormap; 3 when absent, which hides thin matter",
      colormap: "Colours for densities; `Turbo` when absent",
      optical_density:
        "How dense the fullest matter looks across the whole volume: 0 is clear, 1 (when absent) about 63 % opaque",
    },
  },
  VoxelGridMap: {
    about: "Cubes of a sparse grid in space, e.g. an occupancy map.",
    one: "voxel",
    fields: {
      voxel_indices: "Place of each voxel, counted in voxels from the origin",
      voxel_size: "Size of a voxel along each axis, in scene units",
      values: "A number for each voxel, coloured by the colormap",
      colors: "Colour of each voxel; that of its value when absent",
      translation: "Where the corner of voxel 0, 0, 0 is",
      rotation_axis_angle: "Turn of the grid around an axis",
      quaternion: "Turn of the grid as x, y, z, w",
      value_range: "Numbers at the two ends of the colormap; 0 and 1 when absent",
      colormap: "Colours for values; `Turbo` when absent",
    },
  },
};

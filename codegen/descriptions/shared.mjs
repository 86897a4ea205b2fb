/** Fields that mean the same in many archetypes. `one` is what an instance of the archetype is, e.g. "box". */
export const shared = {
  colors: (one) => `Colour of each ${one}; chosen by the viewer when absent`,
  labels: (one) => `Text beside each ${one}; a single one stands in the middle of all`,
  show_labels: () => "Whether labels are drawn; the viewer decides by their number when absent",
  class_ids: (one) => `Class of each ${one}: an annotation context gives it colour and label`,
  keypoint_ids: (one) => `Keypoint of each ${one} within its class; needs class ids, which are 0 when absent`,
  draw_order: () => "What is higher is drawn on top of what is lower",
  opacity: () => "From 0 (not seen) to 1; 1 when absent",
  magnification_filter: () => "How pixels look when enlarged; `Nearest` when absent",
  rotation_axis_angles: (one) => `Turn of each ${one} around an axis`,
  quaternions: (one) => `Turn of each ${one} as x, y, z, w`,
  line_radii: () => "Half the width of the lines: above 0 in scene units, below 0 in pixels of the screen",
  fill_mode: () => "Whether edges, surfaces or both are drawn; chosen by the viewer when absent",
  media_type: () => "What the bytes are, e.g. `image/png`; found from the bytes when absent",
  colormap: () => "Colours for numbers",
  visible: () => "Whether it is shown; true when absent",
};

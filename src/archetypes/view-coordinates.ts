import type { AxesCode } from "./axes-code.ts";
import { ViewCoordinates as GeneratedViewCoordinates } from "./generated/view-coordinates.ts";

/**
 * Where the axes point to: `rec.log("world", ViewCoordinates.RIGHT_HAND_Z_UP, { static: true })`.
 *
 * The constants are named by the directions of x, y and z: `RDF` is right, down, forward, as in images and OpenCV; `RUB` is that of
 * OpenGL, `FLU` that of ROS. Left-handed ones are stored but not drawn correctly by viewers of 0.41. They are made when they are
 * asked for, and can be given wherever axes are wanted, e.g. as `cameraXyz` of a Pinhole.
 */
export class ViewCoordinates extends GeneratedViewCoordinates {
  static get RIGHT_HAND_X_UP(): ViewCoordinates {
    return of("URF");
  }
  static get RIGHT_HAND_X_DOWN(): ViewCoordinates {
    return of("DRB");
  }
  static get RIGHT_HAND_Y_UP(): ViewCoordinates {
    return of("RUB");
  }
  static get RIGHT_HAND_Y_DOWN(): ViewCoordinates {
    return of("RDF");
  }
  static get RIGHT_HAND_Z_UP(): ViewCoordinates {
    return of("RFU");
  }
  static get RIGHT_HAND_Z_DOWN(): ViewCoordinates {
    return of("RBD");
  }
  static get LEFT_HAND_X_UP(): ViewCoordinates {
    return of("URB");
  }
  static get LEFT_HAND_X_DOWN(): ViewCoordinates {
    return of("DRF");
  }
  static get LEFT_HAND_Y_UP(): ViewCoordinates {
    return of("RUF");
  }
  static get LEFT_HAND_Y_DOWN(): ViewCoordinates {
    return of("RDB");
  }
  static get LEFT_HAND_Z_UP(): ViewCoordinates {
    return of("RBU");
  }
  static get LEFT_HAND_Z_DOWN(): ViewCoordinates {
    return of("RFD");
  }
  /** Back, down, right. Right-handed. */
  static get BDR(): ViewCoordinates {
    return of("BDR");
  }
  /** Back, left, down. Right-handed. */
  static get BLD(): ViewCoordinates {
    return of("BLD");
  }
  /** Back, right, up. Right-handed. */
  static get BRU(): ViewCoordinates {
    return of("BRU");
  }
  /** Back, up, left. Right-handed. */
  static get BUL(): ViewCoordinates {
    return of("BUL");
  }
  /** Down, back, left. Right-handed. */
  static get DBL(): ViewCoordinates {
    return of("DBL");
  }
  /** Down, forward, right. Right-handed. */
  static get DFR(): ViewCoordinates {
    return of("DFR");
  }
  /** Down, left, forward. Right-handed. */
  static get DLF(): ViewCoordinates {
    return of("DLF");
  }
  /** Down, right, back. Right-handed. */
  static get DRB(): ViewCoordinates {
    return of("DRB");
  }
  /** Forward, down, left. Right-handed. */
  static get FDL(): ViewCoordinates {
    return of("FDL");
  }
  /** Forward, left, up. Right-handed. */
  static get FLU(): ViewCoordinates {
    return of("FLU");
  }
  /** Forward, right, down. Right-handed. */
  static get FRD(): ViewCoordinates {
    return of("FRD");
  }
  /** Forward, up, right. Right-handed. */
  static get FUR(): ViewCoordinates {
    return of("FUR");
  }
  /** Left, back, up. Right-handed. */
  static get LBU(): ViewCoordinates {
    return of("LBU");
  }
  /** Left, down, back. Right-handed. */
  static get LDB(): ViewCoordinates {
    return of("LDB");
  }
  /** Left, forward, down. Right-handed. */
  static get LFD(): ViewCoordinates {
    return of("LFD");
  }
  /** Left, up, forward. Right-handed. */
  static get LUF(): ViewCoordinates {
    return of("LUF");
  }
  /** Right, back, down. Right-handed. */
  static get RBD(): ViewCoordinates {
    return of("RBD");
  }
  /** Right, down, forward. Right-handed. */
  static get RDF(): ViewCoordinates {
    return of("RDF");
  }
  /** Right, forward, up. Right-handed. */
  static get RFU(): ViewCoordinates {
    return of("RFU");
  }
  /** Right, up, back. Right-handed. */
  static get RUB(): ViewCoordinates {
    return of("RUB");
  }
  /** Up, back, right. Right-handed. */
  static get UBR(): ViewCoordinates {
    return of("UBR");
  }
  /** Up, forward, left. Right-handed. */
  static get UFL(): ViewCoordinates {
    return of("UFL");
  }
  /** Up, left, back. Right-handed. */
  static get ULB(): ViewCoordinates {
    return of("ULB");
  }
  /** Up, right, forward. Right-handed. */
  static get URF(): ViewCoordinates {
    return of("URF");
  }
  /** Back, down, left. Left-handed. */
  static get BDL(): ViewCoordinates {
    return of("BDL");
  }
  /** Back, left, up. Left-handed. */
  static get BLU(): ViewCoordinates {
    return of("BLU");
  }
  /** Back, right, down. Left-handed. */
  static get BRD(): ViewCoordinates {
    return of("BRD");
  }
  /** Back, up, right. Left-handed. */
  static get BUR(): ViewCoordinates {
    return of("BUR");
  }
  /** Down, back, right. Left-handed. */
  static get DBR(): ViewCoordinates {
    return of("DBR");
  }
  /** Down, forward, left. Left-handed. */
  static get DFL(): ViewCoordinates {
    return of("DFL");
  }
  /** Down, left, back. Left-handed. */
  static get DLB(): ViewCoordinates {
    return of("DLB");
  }
  /** Down, right, forward. Left-handed. */
  static get DRF(): ViewCoordinates {
    return of("DRF");
  }
  /** Forward, down, right. Left-handed. */
  static get FDR(): ViewCoordinates {
    return of("FDR");
  }
  /** Forward, left, down. Left-handed. */
  static get FLD(): ViewCoordinates {
    return of("FLD");
  }
  /** Forward, right, up. Left-handed. */
  static get FRU(): ViewCoordinates {
    return of("FRU");
  }
  /** Forward, up, left. Left-handed. */
  static get FUL(): ViewCoordinates {
    return of("FUL");
  }
  /** Left, back, down. Left-handed. */
  static get LBD(): ViewCoordinates {
    return of("LBD");
  }
  /** Left, down, forward. Left-handed. */
  static get LDF(): ViewCoordinates {
    return of("LDF");
  }
  /** Left, forward, up. Left-handed. */
  static get LFU(): ViewCoordinates {
    return of("LFU");
  }
  /** Left, up, back. Left-handed. */
  static get LUB(): ViewCoordinates {
    return of("LUB");
  }
  /** Right, back, up. Left-handed. */
  static get RBU(): ViewCoordinates {
    return of("RBU");
  }
  /** Right, down, back. Left-handed. */
  static get RDB(): ViewCoordinates {
    return of("RDB");
  }
  /** Right, forward, down. Left-handed. */
  static get RFD(): ViewCoordinates {
    return of("RFD");
  }
  /** Right, up, forward. Left-handed. */
  static get RUF(): ViewCoordinates {
    return of("RUF");
  }
  /** Up, back, left. Left-handed. */
  static get UBL(): ViewCoordinates {
    return of("UBL");
  }
  /** Up, forward, right. Left-handed. */
  static get UFR(): ViewCoordinates {
    return of("UFR");
  }
  /** Up, left, forward. Left-handed. */
  static get ULF(): ViewCoordinates {
    return of("ULF");
  }
  /** Up, right, back. Left-handed. */
  static get URB(): ViewCoordinates {
    return of("URB");
  }
}

const constants = new Map<AxesCode, ViewCoordinates>();

function of(code: AxesCode): ViewCoordinates {
  let constant = constants.get(code);
  if (constant === undefined) {
    constant = new ViewCoordinates(code);
    constants.set(code, constant);
  }
  return constant;
}

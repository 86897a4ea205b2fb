// Numbers of Rerun's protobuf enums that the writer puts into messages by hand (proto-field.ts): the generated modules read the
// descriptors of all messages when they are loaded (docs/decisions/0010).

/** `rerun.common.v1alpha1.StoreKind` */
export const StoreKind = { RECORDING: 1, BLUEPRINT: 2 } as const;

/** `rerun.common.v1alpha1.Compression` */
export const Compression = { NONE: 1, LZ4: 2 } as const;

/** `rerun.common.v1alpha1.EncoderVersion` */
export const EncoderVersion = { V0: 1 } as const;

/** `rerun.log_msg.v1alpha1.Encoding` */
export const Encoding = { ARROW_IPC: 1 } as const;

/** `rerun.log_msg.v1alpha1.StoreSourceKind` */
export const StoreSourceKind = { OTHER: 6 } as const;

/** One recording of the files, as the list names it. */
export interface ListedRecording {
  readonly applicationId: string;
  readonly recordingId: string;
  /** Shown in the list instead of the id. */
  readonly name?: string;
}

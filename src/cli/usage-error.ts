/** The command line was not understood: the message is printed with the usage, and the exit code is 2. */
export class UsageError extends Error {}

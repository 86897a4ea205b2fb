/** Why a request was not taken, in the words of both protocols. */
export interface Refusal {
  readonly http: number;
  /** gRPC's status code. */
  readonly grpc: number;
  readonly message: string;
  /** When to send it again; without it never. */
  readonly retryAfterSeconds?: number;
}

export const BEHIND: Refusal = {
  http: 429,
  grpc: 8,
  message: "too much is being received at once; send it again later",
  retryAfterSeconds: 1,
};

export const UNAUTHENTICATED: Refusal = {
  http: 401,
  grpc: 16,
  message: "a bearer token is needed: authorization: Bearer …",
};

/** What is received cannot be written (a full disk, a folder that may not be written). */
export function unwritable(reason: string): Refusal {
  return { http: 503, grpc: 14, message: `nothing can be recorded: ${reason}`, retryAfterSeconds: 10 };
}

export function tooLarge(bytes: number): Refusal {
  return {
    http: 413,
    grpc: 8,
    message: `a request may have ${bytes} bytes, packed and unpacked; send smaller batches`,
  };
}

export function unreadable(reason: string): Refusal {
  return { http: 400, grpc: 3, message: `this request cannot be read: ${reason}` };
}

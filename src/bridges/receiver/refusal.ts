import { RerunError } from "../../errors.ts";

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

export function tooManyParts(limit: number): Refusal {
  return { http: 413, grpc: 8, message: `a request may have ${limit} parts; send smaller batches` };
}

/** Ends the reading of a request. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** What a client is told of an error. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refused) return error.refusal;
  const { message } = error as Error;
  return error instanceof RerunError ? unwritable(message) : unreadable(message);
}

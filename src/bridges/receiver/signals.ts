import type { OtlpSignal } from "../otlp/detect.ts";
import {
  ExportLogsServiceRequestSchema,
  ExportLogsServiceResponseSchema,
} from "../otlp/proto/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts";
import {
  ExportMetricsServiceRequestSchema,
  ExportMetricsServiceResponseSchema,
} from "../otlp/proto/opentelemetry/proto/collector/metrics/v1/metrics_service_pb.ts";
import {
  ExportTraceServiceRequestSchema,
  ExportTraceServiceResponseSchema,
} from "../otlp/proto/opentelemetry/proto/collector/trace/v1/trace_service_pb.ts";

/** What differs between the three services of OTLP. */
export interface SignalService {
  readonly signal: OtlpSignal;
  /** Of HTTP. */
  readonly path: string;
  readonly grpcPath: string;
  readonly request: typeof ExportTraceServiceRequestSchema;
  readonly response: typeof ExportTraceServiceResponseSchema;
  /** Name of the request's only field. */
  readonly resources: string;
  /** Name of the count in a partial success. */
  readonly rejected: string;
}

// The messages differ in names only, which the readers take from here; so one type stands for all three.
type Request = typeof ExportTraceServiceRequestSchema;
type Response = typeof ExportTraceServiceResponseSchema;

export const SERVICES: readonly SignalService[] = [
  {
    signal: "spans",
    path: "/v1/traces",
    grpcPath: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    request: ExportTraceServiceRequestSchema,
    response: ExportTraceServiceResponseSchema,
    resources: "resourceSpans",
    rejected: "rejectedSpans",
  },
  {
    signal: "logs",
    path: "/v1/logs",
    grpcPath: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    request: ExportLogsServiceRequestSchema as unknown as Request,
    response: ExportLogsServiceResponseSchema as unknown as Response,
    resources: "resourceLogs",
    rejected: "rejectedLogRecords",
  },
  {
    signal: "metrics",
    path: "/v1/metrics",
    grpcPath: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    request: ExportMetricsServiceRequestSchema as unknown as Request,
    response: ExportMetricsServiceResponseSchema as unknown as Response,
    resources: "resourceMetrics",
    rejected: "rejectedDataPoints",
  },
];

"""Sends what the test counts, over OTLP/HTTP and OTLP/gRPC of the Python SDK: spans, log records, a gauge."""

import logging
import os
from concurrent.futures import ThreadPoolExecutor

from opentelemetry import trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcLogs
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as GrpcMetrics
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpans
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter as HttpLogs
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as HttpMetrics
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpSpans
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

logging.basicConfig(level=logging.WARNING)
TRACES, RECORDS = int(os.environ["TRACES"]), int(os.environ["RECORDS"])


def exporters(protocol: str):
    if protocol == "grpc":
        url = os.environ["GRPC"]
        options = {"endpoint": url, "insecure": True, "timeout": 60}
        return GrpcSpans(**options), GrpcLogs(**options), GrpcMetrics(**options)
    url = os.environ["HTTP"]
    options = {"timeout": 60, "compression": Compression.Gzip}
    return (
        HttpSpans(endpoint=f"{url}/v1/traces", **options),
        HttpLogs(endpoint=f"{url}/v1/logs", **options),
        HttpMetrics(endpoint=f"{url}/v1/metrics", **options),
    )


def send(protocol: str) -> None:
    spans, logs, metrics = exporters(protocol)
    resource = Resource.create({"service.name": f"python-{protocol}"})
    queue = {"max_queue_size": 100_000, "max_export_batch_size": 128, "export_timeout_millis": 60_000}

    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    tracers.add_span_processor(BatchSpanProcessor(spans, **queue))
    tracer = tracers.get_tracer("producer")
    for i in range(TRACES):
        root = tracer.start_span(f"GET /{i}", kind=trace.SpanKind.SERVER)
        child = tracer.start_span(f"SELECT {i}", trace.set_span_in_context(root), kind=trace.SpanKind.CLIENT)
        child.set_attribute("row", i)
        child.end()
        root.end()

    loggers = LoggerProvider(resource=resource, shutdown_on_exit=False)
    loggers.add_log_record_processor(BatchLogRecordProcessor(logs, **queue))
    logger = loggers.get_logger("producer")
    for i in range(RECORDS):
        logger.emit(LogRecord(body=f"record {i}", severity_number=SeverityNumber.INFO))

    meters = MeterProvider(
        resource=resource, metric_readers=[PeriodicExportingMetricReader(metrics)], shutdown_on_exit=False
    )
    meters.get_meter("producer").create_gauge("orders").set(RECORDS)

    for provider in (tracers, loggers, meters):
        provider.force_flush(60_000)
        provider.shutdown()


with ThreadPoolExecutor() as pool:
    list(pool.map(send, ["http", "grpc"]))

// Sends what the test counts, over OTLP/HTTP and OTLP/gRPC of the Go SDK: spans, log records, a gauge.
package main

import (
	"context"
	"fmt"
	stdlog "log"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otellog "go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"
)

const (
	batch    = 128
	queue    = 100_000
	patience = time.Minute
)

func number(name string) int {
	value, err := strconv.Atoi(os.Getenv(name))
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		stdlog.Fatal(err)
	}
}

func exporters(ctx context.Context, protocol string) (*otlptrace.Exporter, log.Exporter, metric.Exporter) {
	if protocol == "grpc" {
		address := strings.TrimPrefix(os.Getenv("GRPC"), "http://")
		spans, err := otlptracegrpc.New(ctx, otlptracegrpc.WithEndpoint(address), otlptracegrpc.WithInsecure(),
			otlptracegrpc.WithCompressor("gzip"), otlptracegrpc.WithTimeout(patience))
		check(err)
		logs, err := otlploggrpc.New(ctx, otlploggrpc.WithEndpoint(address), otlploggrpc.WithInsecure(), otlploggrpc.WithTimeout(patience))
		check(err)
		metrics, err := otlpmetricgrpc.New(ctx, otlpmetricgrpc.WithEndpoint(address), otlpmetricgrpc.WithInsecure())
		check(err)
		return spans, logs, metrics
	}
	address := strings.TrimPrefix(os.Getenv("HTTP"), "http://")
	spans, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpoint(address), otlptracehttp.WithInsecure(), otlptracehttp.WithTimeout(patience))
	check(err)
	logs, err := otlploghttp.New(ctx, otlploghttp.WithEndpoint(address), otlploghttp.WithInsecure(), otlploghttp.WithTimeout(patience))
	check(err)
	metrics, err := otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpoint(address), otlpmetrichttp.WithInsecure())
	check(err)
	return spans, logs, metrics
}

func send(ctx context.Context, protocol string) {
	spans, logs, metrics := exporters(ctx, protocol)
	origin := resource.NewSchemaless(attribute.String("service.name", "go-"+protocol))

	tracers := trace.NewTracerProvider(trace.WithResource(origin), trace.WithBatcher(spans,
		trace.WithMaxQueueSize(queue), trace.WithMaxExportBatchSize(batch), trace.WithExportTimeout(patience)))
	tracer := tracers.Tracer("producer")
	for i := range number("TRACES") {
		inside, root := tracer.Start(ctx, fmt.Sprintf("GET /%d", i), oteltrace.WithSpanKind(oteltrace.SpanKindServer))
		_, child := tracer.Start(inside, fmt.Sprintf("SELECT %d", i), oteltrace.WithSpanKind(oteltrace.SpanKindClient))
		child.SetAttributes(attribute.Int("row", i))
		child.End()
		root.End()
	}

	loggers := log.NewLoggerProvider(log.WithResource(origin), log.WithProcessor(log.NewBatchProcessor(logs,
		log.WithMaxQueueSize(queue), log.WithExportMaxBatchSize(batch), log.WithExportTimeout(patience))))
	logger := loggers.Logger("producer")
	for i := range number("RECORDS") {
		var record otellog.Record
		record.SetTimestamp(time.Now())
		record.SetSeverity(otellog.SeverityInfo)
		record.SetBody(attribute.StringValue(fmt.Sprintf("record %d", i)))
		logger.Emit(ctx, record)
	}

	meters := metric.NewMeterProvider(metric.WithResource(origin), metric.WithReader(metric.NewPeriodicReader(metrics)))
	gauge, err := meters.Meter("producer").Int64Gauge("orders")
	check(err)
	gauge.Record(ctx, int64(number("RECORDS")))

	check(tracers.Shutdown(ctx))
	check(loggers.Shutdown(ctx))
	check(meters.Shutdown(ctx))
}

func main() {
	var group sync.WaitGroup
	for _, protocol := range []string{"http", "grpc"} {
		group.Go(func() { send(context.Background(), protocol) })
	}
	group.Wait()
}

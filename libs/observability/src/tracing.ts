import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import { type Logger } from './logger.js';
import { useTracer } from './spans.js';

export interface TracingOptions {
  /** Base URL of an OTLP/HTTP collector, as `OTEL_EXPORTER_OTLP_ENDPOINT` gives it; spans go to `<endpoint>/v1/traces`. */
  endpoint: string;
  agency: string;
  role: string;
  ordinal: number;
  /** Share of traces that this process records, 0 to 1; default all. */
  sampling?: number;
  /** Told when spans could not be sent. */
  logger: Logger;
}

export interface Tracing {
  /** Sends what is not sent yet, and ends tracing. */
  shutdown(): Promise<void>;
}

/** A collector that does not take a batch in this time has lost it; also the longest that an end waits for it. */
const SEND_MS = 5_000;
/** No attribute of ours is longer. */
const LONGEST_VALUE = 160;
const ATTRIBUTES = 24;

/**
 * Begins to record spans and to send them in batches, as JSON over HTTP. Spans hold ids, codes and counts only, so a
 * collector may stand where logs may. One per process; the libraries for it are loaded only here.
 *
 * Each process decides for itself what share it records, by the trace's id, so that processes with one share record the
 * same traces. A sender's traceparent can leave its trace out, and can never make another's process record more than its
 * share.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const { endpoint, agency, role, ordinal, sampling = 1 } = options;
  diag.setLogger(unquoted(options.logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const share = new sdk.TraceIdRatioBasedSampler(sampling);
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: SEND_MS });
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': `exchange-gateway-${role}`,
      'service.namespace': agency,
      'service.instance.id': `${agency}/${role}/${ordinal}`,
    }),
    sampler: new sdk.ParentBasedSampler({ root: share, remoteParentSampled: share }),
    spanLimits: { attributeValueLengthLimit: LONGEST_VALUE, attributeCountLimit: ATTRIBUTES },
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  provider.register();
  useTracer(provider.getTracer('exchange-gateway'));
  return {
    shutdown: async () => {
      useTracer(undefined);
      // What could not be sent is lost with a word in the log: a process must end without its collector, too.
      await provider.shutdown().catch(() => options.logger.warn('spans not sent'));
      for (const api of [trace, context, propagation, diag]) api.disable();
    },
  };
}

/** The library's own words may quote an address or a body: that it has something to say is enough. */
function unquoted(logger: Logger): Parameters<typeof diag.setLogger>[0] {
  const quiet = () => undefined;
  return {
    error: () => logger.warn('spans not sent'),
    warn: () => logger.warn('tracing is not as it should be'),
    ...{ info: quiet, debug: quiet, verbose: quiet },
  };
}

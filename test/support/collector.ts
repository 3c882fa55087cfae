import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A span as it was exported, in the parts that tests look at. */
export interface CollectedSpan {
  name: string;
  /** OTLP's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, unknown>;
  status: { code?: number; message?: string };
  links: { traceId: string; spanId: string }[];
  events: unknown[];
}

interface OtlpValue {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
}
type OtlpAttributes = { key: string; value: OtlpValue }[];
type OtlpSpan = Omit<CollectedSpan, 'attributes' | 'links' | 'events'> & {
  attributes?: OtlpAttributes;
  links?: CollectedSpan['links'];
  events?: unknown[];
};
interface OtlpRequest {
  resourceSpans: { resource: { attributes: OtlpAttributes }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

/** An OTLP/HTTP collector (JSON) on loopback, which keeps what it was sent. */
export class Collector {
  readonly bodies: Buffer[] = [];
  /** Status that it answers with. */
  status = 200;
  private readonly server = createServer((request, response) => {
    void buffer(request).then((body) => {
      if (request.url === '/v1/traces' && request.method === 'POST') this.bodies.push(body);
      response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
    });
  });

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((done) => collector.server.listen(0, '127.0.0.1', done));
    return collector;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get spans(): CollectedSpan[] {
    return this.requests
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans }) => spans)
      .map(({ attributes = [], links = [], events = [], ...span }) => ({
        ...span,
        attributes: plain(attributes),
        links,
        events,
      }));
  }

  /** Who the spans say they are from. */
  get resources(): Record<string, unknown>[] {
    return this.requests.flatMap(({ resourceSpans }) =>
      resourceSpans.map(({ resource }) => plain(resource.attributes)),
    );
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private get requests(): OtlpRequest[] {
    return this.bodies.map((body) => JSON.parse(body.toString('utf8')) as OtlpRequest);
  }
}

function plain(attributes: OtlpAttributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf({ stringValue, intValue, doubleValue }: OtlpValue): unknown {
  return stringValue ?? doubleValue ?? Number(intValue);
}

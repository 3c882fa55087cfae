export const REQUESTS = 'bench.echo.request';
export const REPLIES = 'bench.echo.reply';
export const PARTITIONS = 3;

export interface EchoSettings {
  brokers: string[];
}

export interface EchoRun {
  inFlight: number;
  seconds: number;
  bytes: number;
}

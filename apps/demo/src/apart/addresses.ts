import { freePorts } from './free-ports.js';
import { type Planned } from './plan.js';

/** Where each process is served: chosen before any of them starts, because some have to know of others. */
export class Addresses {
  private constructor(private readonly ports: ReadonlyMap<Planned, number>) {}

  static async of(planned: readonly Planned[]): Promise<Addresses> {
    const ports = await freePorts(planned.length);
    return new Addresses(new Map(planned.map((process, index) => [process, ports[index]!])));
  }

  portOf(process: Planned): number {
    return this.ports.get(process)!;
  }

  /** URLs of an agency's processes of one role, by ordinal. */
  of(agency: string, role: Planned['role']): string[] {
    const found = [...this.ports].filter(([process]) => process.agency === agency && process.role === role);
    return found.map(([, port]) => `http://127.0.0.1:${port}`);
  }

  /** Every audit server, by agency. */
  get audits(): Record<string, string> {
    const audits = [...this.ports].filter(([{ role }]) => role === 'audit');
    return Object.fromEntries(audits.map(([{ agency }, port]) => [agency, `http://127.0.0.1:${port}`]));
  }
}

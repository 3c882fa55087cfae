import { Exclude, Expose, Transform } from 'class-transformer';

/** One file of a person as it may leave: what is not exposed does not, and of a date only the year. */
@Exclude()
export class FileAnswer {
  @Expose()
  fileHeld: boolean;

  @Expose()
  holderName?: string;

  @Expose()
  depositKind?: string;

  @Expose()
  @Transform(({ value }) => (typeof value === 'string' ? `${value.slice(0, 4)}-**-**` : undefined))
  depositDate?: string;

  @Expose()
  region: string;
}

import { IsString, Length } from 'class-validator';

/** A signed registry, as `registry publish` sends it. */
export class RegistryDto {
  /** C2SP signed note; some thousand keys. */
  @IsString()
  @Length(1, 500_000)
  note: string;
}

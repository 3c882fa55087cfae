import { IsString, Length } from 'class-validator';

/** A signed bundle, as `scheme publish` sends it. */
export class BundleDto {
  /** C2SP signed note; 256 KiB are some hundred schemes. */
  @IsString()
  @Length(1, 262_144)
  note: string;
}

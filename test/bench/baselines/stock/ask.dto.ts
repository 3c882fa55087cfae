import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';

export class PurposeDto {
  @Matches(/^[a-z][a-z0-9-]{0,63}$/)
  code: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  campaign?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  case?: string;
}

export class SubjectDto {
  @IsIn(['citizen-id', 'permanent-residence', 'hk-macau-permit', 'taiwan-permit', 'passport'])
  idType: string;

  @IsString()
  @Length(1, 32)
  idNumber: string;
}

export class AskDto {
  @IsUUID()
  requestId: string;

  @Matches(/^[A-Za-z0-9._@-]{1,64}$/)
  operatorId: string;

  @ValidateNested()
  @Type(() => PurposeDto)
  purpose: PurposeDto;

  @Matches(/^[0-9]{6}$/)
  region: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => SubjectDto)
  subjects: SubjectDto[];
}

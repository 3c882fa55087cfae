import { Type } from 'class-transformer';
import { IsString, IsUUID, ValidateNested } from 'class-validator';
import { AskDto } from './ask.dto.js';

/** The question as it travels. */
export class QuestionDto {
  @IsUUID()
  exchange: string;

  @IsString()
  requester: string;

  @ValidateNested()
  @Type(() => AskDto)
  ask: AskDto;
}

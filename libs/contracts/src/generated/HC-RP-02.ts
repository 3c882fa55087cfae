/* Generated from /contracts by libs/contracts/src/generate. Change the contract, not this file. */

/**
 * HC-RP-02@1 企业注册人员查询：请求
 */
export interface HcRp02Request {
  /**
   * 请求编号（请求方随机生成，同一编号即同一请求）
   */
  requestId: string;
  /**
   * 经办人编号
   */
  operatorId: string;
  /**
   * campaign 与 case 恰有其一
   */
  purpose: {
    /**
     * 目的代码
     */
    code: string;
    /**
     * 专项行动编号
     */
    campaign?: string;
    /**
     * 案件编号
     */
    case?: string;
  };
  /**
   * 查询区划（GB/T 2260）
   */
  region: string;
  /**
   * 查询对象
   *
   * @minItems 1
   * @maxItems 1000
   *
   * Items: 单位
   */
  subjects: {
    /**
     * 统一社会信用代码
     */
    uscc: string;
    /**
     * 每个对象可附的主张，只用于比对
     */
    claims?: {};
  }[];
  /**
   * 想要的答复字段（缺省为方案授权的全部）
   *
   * @minItems 1
   */
  fields?: ('personName' | 'idNumber' | 'category' | 'certNo' | 'status' | 'validTo' | 'region')[];
  /**
   * 愿意等待的毫秒数
   */
  deadlineMs?: number;
  /**
   * 查询参数
   */
  params?: {
    /**
     * 注册类别
     */
    category?:
      | 'CB1'
      | 'CB2'
      | 'CE1'
      | 'CE2'
      | 'SE'
      | 'AR1'
      | 'AR2'
      | 'S1'
      | 'S2'
      | 'AY'
      | 'DF'
      | 'DG'
      | 'CS'
      | 'CN'
      | 'CD'
      | 'F';
    /**
     * 页码（从 1 起，每页 200 人）
     */
    page?: number;
  };
}

/**
 * 企业注册人员查询：一条答复记录（释放之前）
 */
export interface HcRp02Record {
  /**
   * 姓名
   */
  personName: string;
  /**
   * 证件号码
   */
  idNumber: string;
  /**
   * 注册类别
   */
  category:
    | 'CB1'
    | 'CB2'
    | 'CE1'
    | 'CE2'
    | 'SE'
    | 'AR1'
    | 'AR2'
    | 'S1'
    | 'S2'
    | 'AY'
    | 'DF'
    | 'DG'
    | 'CS'
    | 'CN'
    | 'CD'
    | 'F';
  /**
   * 注册（证书）编号
   */
  certNo: string;
  /**
   * 注册状态
   */
  status: 'valid' | 'expired' | 'cancelled' | 'revoked' | 'suspended';
  /**
   * 有效期止
   */
  validTo: string;
  /**
   * 注册地区划
   */
  region: string;
}

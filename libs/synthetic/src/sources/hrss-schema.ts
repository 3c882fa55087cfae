import { type Migration } from '#database';

/** The social-security department's database in the codes of GB/T 40217-2021 (domain.md §3.6). */
export const hrssSource: Migration[] = [
  {
    name: 'hrss-source-1',
    up: `
create table ab01 (               -- 参保单位
  aab001 text primary key,        -- 单位编码
  aab004 text not null,           -- 单位名称
  bab010 text,                    -- 统一社会信用代码；老账户没有
  frxydm text,                    -- 分支机构所属法人单位的统一社会信用代码（扩展项）；法人单位为空
  aab019 text not null,           -- 单位类型 10 企业 55 全额拨款事业 60 机关
  aab022 text not null,           -- 行业代码（GB/T 4754）7262 职业中介 7263 劳务派遣
  aab301 text not null            -- 行政区划
);
create index ab01_uscc on ab01 (bab010);
create table ac01 (               -- 人员
  aac001 text primary key,        -- 人员编码
  aac002 text not null,           -- 社会保障号码
  aaa029 text not null,           -- 证件类型
  aae135 text not null,           -- 证件号码
  aac003 text not null,           -- 姓名
  aac012 text not null,           -- 个人身份
  aac016 text not null,           -- 就业状态
  aac064 text,                    -- 退役军人类别 10 军队转业干部（含自主择业）
  aac084 text not null,           -- 离退休标志
  aic162 date,                    -- 离退休日期
  aae138 date                     -- 死亡日期
);
create index ac01_number on ac01 (aac002);
create index ac01_document on ac01 (aae135);
create table ac02 (               -- 参保关系
  aac001 text not null,
  aab001 text,                    -- 空：灵活就业
  aae140 text not null,           -- 险种
  aac008 text not null,           -- 参保状态 0 未参保 1 正常参保 2 终止参保
  aac031 text not null,           -- 缴费状态 1 参保缴费 2 暂停缴费 3 终止缴费
  aae030 date not null,           -- 本次开始
  aab301 text not null
);
create index ac02_person on ac02 (aac001);
create index ac02_unit on ac02 (aab001);
create table ac43 (               -- 应缴实缴明细：一个所属期一行
  aac001 text not null,
  aab001 text,
  aae140 text not null,
  aae003 integer not null,        -- 应缴年月（所属期）
  aaa115 text not null,           -- 应缴类型 10 正常应缴 20 补缴
  aae078 text not null,           -- 足额到账标志
  ead131 date,                    -- 到账日期
  aae180 numeric(10, 2),          -- 缴费基数
  aab301 text not null
);
create index ac43_person on ac43 (aac001, aae003);
create table ldyg_ba (            -- 劳动用工备案
  aac001 text not null,
  aab001 text not null,
  htlx text not null,             -- 合同类型 1 固定期限 2 无固定期限 3 完成一定任务
  pqbz text not null,             -- 派遣标志
  aae030 date not null,
  aae031 date,
  barq date not null,             -- 备案日期
  aab301 text not null
);
create index ldyg_ba_person on ldyg_ba (aac001);
create table zyzg_ksbm (          -- 执业资格考试报名
  aac001 text not null,
  ksmc text not null,
  ksnd integer not null,
  bmdw text not null,             -- 报名时所填单位
  cjzt text not null,             -- 1 合格 2 不合格 3 缺考 4 未公布
  aab301 text not null
);
create index zyzg_ksbm_person on zyzg_ksbm (aac001);
create table ryda (               -- 人事档案
  aac001 text not null,
  cfdw text not null,             -- 存放单位
  cflx text not null,             -- 1 单位立户 2 个人委托
  cfrq date not null,
  aab301 text not null
);
create index ryda_person on ryda (aac001);
`,
  },
  {
    name: 'hrss-source-2',
    up: `
-- 民事行为能力（扩展项，依人民法院宣告）2 限制 3 无；空：未受宣告
alter table ac01 add column msxwnl text;
`,
  },
];

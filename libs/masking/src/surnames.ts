/** Compound surnames in use (复姓), kept whole by the mask of names. */
const COMPOUND = new Set(
  (
    '欧阳 司马 诸葛 上官 司徒 司空 司寇 夏侯 皇甫 尉迟 公孙 公羊 公冶 公良 轩辕 令狐 钟离 宇文 长孙 慕容 鲜于 闾丘 ' +
    '东方 东郭 东门 南宫 南门 西门 西陵 北宫 百里 呼延 端木 独孤 拓跋 赫连 澹台 濮阳 淳于 单于 太史 太叔 申屠 仲孙 ' +
    '叔孙 季孙 宗政 宰父 谷梁 第五 左丘 梁丘 微生 巫马 漆雕 乐正 壤驷 颛孙 子车 亓官 夹谷 段干 羊舌 贺兰 完颜 纳兰 ' +
    '歐陽 司馬 諸葛 上官 尉遲 公孫 軒轅 鍾離 長孫 鮮于 東方 東郭 南宮 西門 獨孤 赫連 澹臺 濮陽 淳于 單于'
  ).split(' '),
);

/** How many code points of a Chinese name are its surname; a name that is only two long has a surname of one. */
export function surnameLength(name: readonly string[]): 1 | 2 {
  return name.length > 2 && COMPOUND.has(name.slice(0, 2).join('')) ? 2 : 1;
}

/** Characters whose compatibility decomposition without its marks is what Lucene's ASCIIFoldingFilter makes of them. */
const DECOMPOSED =
  /[\u00b2-\u00b3\u00b9\u00c0-\u0233\u1d62-\u1d65\u1e00-\u1ef9\u203c\u2047-\u2049\u2070-\u2093\u2460-\u24ea\u2c7c\ufb00-\ufb04\ufb06\uff01-\uff3f\uff41-\uff5b\uff5d-\uff5e]/;

/**
 * What Lucene folds beyond decomposition, as `target characters` joined by bars. The table was derived from
 * the answers of OpenSearch 2.19's `_analyze` for every character of the basic plane.
 */
const FOLDED = [
  '" «»“”„″‶❝❞❮❯|AE ÆǢǼᴁ|D ÐĐƉƊƋᴅᴆꝹ|O ØƆƟǾᴏᴐꝊꝌ|TH ÞꝦ|ss ß|ae æǣǽᴂ|d ðđƌȡɖɗᵭᶁᶑꝺ',
  "o øǿɔɵᴖᴗᶗⱺꝋꝍ|th þᵺꝧ|H ĦʜⱧⱵ|h ħɥɦʮʯⱨⱶ|i ıɨᴉᵼᶖ|q ĸɋʠꝗꝙ|L ĿŁȽʟᴌⱠⱢꝆꝈꞀ|l ŀłƚȴɫɬɭᶅⱡꝇꝉꞁ",
  "n ŉŋƞȵɲɳᵰᶇ|N ŊƝȠɴᴎ|OE Œɶ|oe œᴔ|T ŦƬƮȾᴛꞆ|t ŧƫƭȶʇʈᵵⱦ|b ƀƃɓᵬᶀ|B ƁƂɃʙᴃ|C ƇȻʗᴄ",
  "c ƈȼɕↄꜾꜿ|E ƎƐɆᴇⱻ|A ƏȺᴀ|F ƑꜰꝻꟻ|f ƒᵮᶂẛꝼ|G ƓǤǥǧɢʛꝽꝾ|hv ƕ|I ƖƗɪᵻꟾ|K ƘᴋⱩꝀꝂꝄ|k ƙʞᶄⱪꝁꝃꝅ",
  "M ƜᴍⱮꟽꟿ|P ƤᴘⱣꝐꝒꝔ|p ƥᵱᵽᶈꝑꝓꝕꟼ|V ƲɅᴠỼꝞꝨ|Y ƳɎʏỾ|y ƴɏʎỿ|Z ƵȜȤᴢⱫꝢ|z ƶȝȥɀʐʑᵶᶎⱬꝣ|w ƿʍⱳ",
  "e ǝɇɘɛɜɝɞʚᴈᶒᶓᶔⱸ|HV Ƕ|W ǷᴡⱲ|OU Ȣᴕ|ou ȣ|j ȷɉɟʄʝ|db ȸ|qp ȹ|s ȿʂᵴᶊẜẝꞄ|U Ʉᴜᵾ|J Ɉᴊ",
  "Q ɊꝖꝘ|R ɌʀʁᴙᴚⱤꝚꞂ|r ɍɼɽɾɿᵲᵳᶉꝛꞃ|a ɐəɚᶏᶕẚₔⱥⱯ|g ɠɡᵷᵹᶃꝿ|m ɯɰɱᵯᶆ|u ʉᶙ|v ʋʌᶌⱱⱴꝟ|dz ʣʥ",
  "ts ʦ|tc ʨ|ls ʪ|lz ʫ|ue ᵫ|x ᶍ|SS ẞ|LL Ỻ|ll ỻ|- ‐‑‒–—⁻₋|' ‘’‚‛′‵‹›❛❜|^ ‸|/ ⁄|[ ⁅❲",
  "] ⁆❳|* ⁎|; ⁏|% ⁒|~ ⁓|11 ⓫|12 ⓬|13 ⓭|14 ⓮|15 ⓯|16 ⓰|17 ⓱|18 ⓲|19 ⓳|20 ⓴|1 ⓵❶➀➊",
  "2 ⓶❷➁➋|3 ⓷❸➂➌|4 ⓸❹➃➍|5 ⓹❺➄➎|6 ⓺❻➅➏|7 ⓻❼➆➐|8 ⓼❽➇➑|9 ⓽❾➈➒|10 ⓾❿➉➓|0 ⓿|( ❨❪|) ❩❫",
  "< ❬❰|> ❭❱|{ ❴|} ❵|(( ⸨|)) ⸩|TZ Ꜩ|tz ꜩ|S ꜱꞅ|AA Ꜳ|aa ꜳ|AO Ꜵ|ao ꜵ|AU Ꜷ|au ꜷ|AV ꜸꜺ",
  "av ꜹꜻ|AY Ꜽ|ay ꜽ|OO Ꝏ|oo ꝏ|VY Ꝡ|vy ꝡ",
].join("|");

const FOLD = new Map<string, string>();
for (const entry of FOLDED.split("|")) {
  const gap = entry.indexOf(" ");
  for (const character of entry.slice(gap + 1)) FOLD.set(character, entry.slice(0, gap));
}

function fold(character: string): string {
  const folded = FOLD.get(character);
  if (folded !== undefined) return folded;
  if (!DECOMPOSED.test(character)) return character;
  const plain = character.normalize("NFKD").replace(/\p{M}/gu, "");
  return /^[\x20-\x7e]+$/.test(plain) ? plain : character;
}

/** Lucene's `asciifolding`: each Latin letter, digit or punctuation mark becomes its nearest ASCII form. */
export function foldToAscii(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "all of ASCII".
  return text.replace(/[^\x00-\x7f]/g, fold);
}

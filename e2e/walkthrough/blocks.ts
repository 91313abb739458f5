/** A fenced block of a page of the documentation. */
export interface Block {
  language: string;
  code: string;
  /** What the page says that it prints: the texts in backticks of a sentence that begins with "prints". */
  prints: string[];
}

export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```\n(?:\nprints ((?:`[^`]*`|[^.`])*))?/gms)].map(
    ([, language = "", code = "", sentence = ""]) => ({
      language,
      code,
      prints: [...sentence.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text),
    }),
  );
}

/** The files that a page's JavaScript is, by the names that their first lines give them. */
export function filesOf(blocks: Block[]): [name: string, code: string][] {
  return blocks.flatMap(({ language, code }) => {
    const name = language === "js" ? /^\/\/ (\S+\.mjs)\n/.exec(code)?.[1] : undefined;
    return name ? [[name, code] as [string, string]] : [];
  });
}

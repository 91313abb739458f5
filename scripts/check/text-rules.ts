interface TextRule {
  files: RegExp;
  forbids: RegExp;
  because: string;
}

const EVERYWHERE = /^/;
const DOMAIN = /^services\/[^/]+\/src\/domain\/(?!.*\.(test|testkit|fixture)\.ts$)/;

const rules: TextRule[] = [
  {
    files: EVERYWHERE,
    forbids: /(?<![\w.-])\/(?:work|tmp|root|home|Users)\/[\w.]/,
    because: "a path of one machine",
  },
  {
    files: EVERYWHERE,
    forbids: /(?<!\w)[.]library\b/,
    because: "a folder that is not part of the project",
  },
  {
    files: EVERYWHERE,
    forbids: /registry[.](?:npmjs|yarnpkg)[.]|\brepo1?[.]maven[.]|\bpypi[.]org\b/,
    because: "a package registry by its host; which one is used is everybody's own setting",
  },
  {
    files: EVERYWHERE,
    forbids: /\bissue #?\d/i,
    because: "a number that means nothing outside of one tracker: say what it is about",
  },
  {
    files: DOMAIN,
    forbids: /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(/,
    because: "not for a decision, which is pure: time and chance are arguments",
  },
];

/** What a file must not contain, each as `file:line: sentence`. */
export function findTextFaults(file: string, text: string): string[] {
  const lines = text.split("\n");
  return rules
    .filter((rule) => rule.files.test(file))
    .flatMap((rule) =>
      lines.flatMap((line, index) => {
        const found = rule.forbids.exec(line);
        return found ? [`${file}:${index + 1}: "${found[0]}" is ${rule.because}`] : [];
      }),
    );
}

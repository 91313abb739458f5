import { describeSearchEngine } from "./conformance.ts";
import { startTestEngine } from "./engine.testkit.ts";

const name = process.env.SHOEBOX_OPENSEARCH ? "real OpenSearch" : "the OpenSearch stand-in";
describeSearchEngine(name, startTestEngine);

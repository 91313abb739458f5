import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Half of what it may take at most: a laptop's index is small, and the system beside it wants memory, too. */
const HEAP = "512m";

/** The places of one OpenSearch, all below its data folder, so that the installation is never written. */
export function layout(dataDir: string) {
  return {
    config: join(dataDir, "config"),
    data: join(dataDir, "data"),
    logs: join(dataDir, "logs"),
    temporary: join(dataDir, "tmp"),
  };
}

/** Writes what OpenSearch reads at its start; its data is left as it is. */
export function configure(dataDir: string, installation: string, port: number): void {
  const places = layout(dataDir);
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  copyFileSync(
    join(installation, "config", "log4j2.properties"),
    join(places.config, "log4j2.properties"),
  );
  writeFileSync(join(places.config, "opensearch.yml"), settings(places, port));
  writeFileSync(join(places.config, "jvm.options"), jvmOptions);
}

function settings(places: ReturnType<typeof layout>, port: number): string {
  // JSON is YAML, which saves us from quoting paths.
  return JSON.stringify({
    "cluster.name": "shoebox",
    "node.name": "local",
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    "http.port": port,
    "path.data": places.data,
    "path.logs": places.logs,
    // It would make the indexes read-only on a laptop whose disk is nearly full.
    "cluster.routing.allocation.disk.threshold_enabled": false,
    // It would count what the serial collector has not collected yet, and refuse requests while most of the heap is free.
    "indices.breaker.total.use_real_memory": false,
  });
}

/** As delivered, with a small heap, a collector that suits it, and without logs of the collector. */
const jvmOptions = [
  `-Xms${HEAP}`,
  `-Xmx${HEAP}`,
  "-XX:+UseSerialGC",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: OpenSearch's own launcher replaces it.
  "-Djava.io.tmpdir=${OPENSEARCH_TMPDIR}",
  "18-:-Djava.security.manager=allow",
  "20-:--add-modules=jdk.incubator.vector",
  "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=org.opensearch.secure_sm.SecuredForkJoinWorkerThreadFactory",
  "",
].join("\n");
